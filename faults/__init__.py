"""`make faults`: the product under fire, and the proof that nothing was lost or sent twice.

The real web, worker and scheduler run against the real simulator and servers of their own, and
are killed while messages flow and appointments change. Then everything is left to settle, and
every promise is checked.
"""
