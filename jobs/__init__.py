"""What the workers do; each job is one line, and app/tasks.py names them."""
