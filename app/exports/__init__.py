"""All that a business has, in a file to take along: asked for by an admin, written by a worker, and
there for a week."""
