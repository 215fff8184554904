"""Where an admin sees to the team: who signs in, who takes appointments, who is invited."""
