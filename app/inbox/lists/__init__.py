"""The list of conversations: how many each folder has, views that are saved, many at once."""
