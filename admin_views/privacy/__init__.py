"""What is known of one person, and how they are erased."""
