"""What a page shows of a thread beside its lines, read and never changed."""
