"""The streams: a process of its own that tells open pages what changes (server-sent events).

A page shows a ticket that the web has signed, and has a stream then, for as long as its session
lasts and five minutes at most. One subscription to Redis serves all of them. Nothing of the
database and nothing of Flask is in here.
"""
