class Refused(ValueError):
    """The message cannot be sent; the text tells the person why and what to do."""
