"""The API of version 1: a resource a file (resources/), and what all of them have in common."""
