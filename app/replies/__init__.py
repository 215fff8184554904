"""What customers answer to reminders and confirmations, and what comes of it."""
