"""Files that businesses upload: looked through, taken row by row, and undone if they were wrong."""
