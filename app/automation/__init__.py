"""Rules: when this happens, and this holds, do that. And what businesses' own systems are told."""
