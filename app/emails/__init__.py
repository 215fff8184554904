"""Emails to those who sign in: written with what they tell of, sent by a worker."""
