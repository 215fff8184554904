class ServerError(Exception):
    """An own server cannot run; the text is one line that says why, and what to do."""
