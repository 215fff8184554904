"""Whom the parts trust when they open a connection with TLS."""

from pathlib import Path

import certifi

# RFC 7468
BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def trusted(pem: str, given: str = "") -> str:
    """Whoever else is trusted, by the file that was given or as certifi has it, and the certificate
    in this: what SSL_CERT_FILE leads to stands in the place of all others."""
    others = Path(given or certifi.where()).read_text()
    return f"{others}\n{BEGIN}{pem.partition(BEGIN)[2].partition(END)[0]}{END}\n"
