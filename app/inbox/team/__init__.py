"""Who of the team sees to a conversation, and what they tell each other."""
