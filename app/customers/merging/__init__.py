"""Two customers who turn out to be one person (docs/adr/0032-merging.md)."""
