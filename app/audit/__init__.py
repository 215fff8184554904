"""What people do, written down for ever: who, what, to which row, before and after
(docs/adr/0030-audit-log.md)."""
