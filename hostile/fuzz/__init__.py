"""`python -m hostile.fuzz`: nonsense on every route that machines post to."""
