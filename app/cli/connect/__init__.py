"""Commands that connect a business with what is outside: its site, its mailbox, its programs."""
