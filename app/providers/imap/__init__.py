"""Mailboxes of businesses, read by IMAP (RFC 3501): nothing in them is ever changed."""

from app.providers.imap.imap_errors import MailboxError, Trouble
from app.providers.imap.new_mail import read_new, try_out
from app.providers.imap.reading import Access, Found, Mark, Turn

__all__ = ["Access", "Found", "MailboxError", "Mark", "Trouble", "Turn", "read_new", "try_out"]
