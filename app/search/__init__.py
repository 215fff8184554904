"""The search: in one box over customers and the text of all messages (docs/adr/0022).

What was typed becomes clauses that all hold, each a list of alternatives: a letter for the kind of
word and the word, with a star where it may go on. The kinds stand in migration 0054.
"""
