"""Whether messages come and go: one file a check (checks/), told in plain words, worst first."""
