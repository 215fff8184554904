"""`make hostile`: every route, every role, every foreign id, and the proof that nobody saw or
changed what is not theirs.

Two businesses are filled with rows. Requests are derived from the program itself: its url map, its
access table, its panels, the pages that it shows, the fields that its views read, and the columns
of its models. After each one all rows are compared, and the answer is searched for what only the
other business has.
"""
