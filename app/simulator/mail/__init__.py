"""Mailboxes beside the telephones: a mail server that takes emails and delivers them nowhere."""
