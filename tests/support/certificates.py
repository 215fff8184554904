"""A certificate authority of a test's own."""

import ssl
from pathlib import Path

from app.servers import certificate


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS under the name or the address, and the file of who vouches for it."""
    file = folder / f"{name}.pem"
    file.write_text(certificate.made(name))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context, file
