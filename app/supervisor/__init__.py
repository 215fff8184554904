"""`make run`: start every part of the product, keep it running, stop it in order."""
