"""Meta: its Graph API, its webhooks, and people who write by Messenger and Instagram."""
