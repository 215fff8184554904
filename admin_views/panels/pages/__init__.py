"""What pages of panels have in common with no list."""
