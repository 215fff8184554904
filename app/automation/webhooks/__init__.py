"""Outgoing webhooks (Standard Webhooks, https://www.standardwebhooks.com): a business's own systems
are told of events, signed, at least once."""
