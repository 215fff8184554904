"""How an event is judged: by which rules, on what snapshot, how far, and what is done."""
