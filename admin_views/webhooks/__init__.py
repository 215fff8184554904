"""Where an admin has the business's own systems told of events."""
