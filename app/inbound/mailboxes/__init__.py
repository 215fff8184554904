"""A business's mailbox, read by IMAP every few minutes (docs/adr/0017-mailboxes.md)."""
