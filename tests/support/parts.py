"""All tests on big tables in parts by tenant: `PARTITIONS=4 make test` (docs/adr/0027)."""

import os

from app.cli.partitions import in_parts

COUNT = int(os.environ.get("PARTITIONS", "0"))


def spread() -> None:
    """Put the big tables into that many parts, if the tests are to run on such."""
    if COUNT:
        in_parts(COUNT)
