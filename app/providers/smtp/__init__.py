"""Emails, by a mail server (RFC 5321)."""

from app.providers.smtp.provider import SmtpProvider

__all__ = ["SmtpProvider"]
