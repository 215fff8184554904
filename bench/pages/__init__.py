"""What a page costs beside a bare Flask route that shows the same rows."""
