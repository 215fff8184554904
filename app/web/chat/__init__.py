"""The live chat as browsers ask for it: the loader and the panel, and what the panel asks.

All of it goes the short way (guards/short_way.py): there is no session of staff and no cookie, and
a visitor shows a token in the Authorization header, so that no other site can speak for them.
"""
