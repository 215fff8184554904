"""A business's mailbox, read by IMAP every few minutes (docs/adr/0019-mailboxes.md)."""
