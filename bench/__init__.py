"""What the product costs beside the least that could do the same; `make bench` runs it."""
