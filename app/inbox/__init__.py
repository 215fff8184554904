"""The queries behind the inbox. None of them grows with the number of messages."""
