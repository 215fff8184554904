"""Emails that come in: as any other message, with threads, words and reports of their own."""
