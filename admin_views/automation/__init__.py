"""Rules: their list, the form that reads as a sentence, and the log of what they did."""
