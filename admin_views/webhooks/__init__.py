"""Where an admin connects the business's own systems: told of events, and let in by keys."""
