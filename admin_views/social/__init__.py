"""The page on which a business connects Messenger and Instagram."""
