"""Those who sign in: their passwords, their sessions, and who may still come in."""
