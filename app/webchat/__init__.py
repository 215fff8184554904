"""The live chat on a business's own site, as its visitors have it.

A loader (one script) draws a button on the site's page and opens the panel, a page of ours in a
frame. What a visitor writes comes in as on any channel (app/inbound/receive.py); what staff write
to them is a row that the panel fetches.
"""
