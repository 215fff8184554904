"""What rules say to customers: the words, the way there, and what holds them back."""
