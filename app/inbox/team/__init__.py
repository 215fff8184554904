"""Who of the team sees to a conversation."""
