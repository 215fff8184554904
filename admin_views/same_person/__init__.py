"""Two customers who may be one person: who they are, side by side, and making them one."""
