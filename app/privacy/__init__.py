"""What is known of one person: told to them (GDPR, article 15), and erased (article 17)."""
