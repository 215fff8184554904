"""Web Push (RFC 8030): the browsers of staff are told that a customer wrote, with no page open."""
