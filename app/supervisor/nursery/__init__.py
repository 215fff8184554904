"""Forks the parts from one process that has imported the program once: what they have in common
is in memory once, and a part that fell starts in milliseconds."""
