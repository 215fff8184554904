#!/usr/bin/env bash
# Werkzeug 3.1.9: Request.max_form_memory_size is documented for what is no file, and is asked for
# files, too: a body is read in pieces of 64 KiB, and what of a piece may begin a boundary (a line
# break among its last bytes) is kept and counted together with the whole next piece. A limit of
# 65,536 bytes, or less, therefore refuses a picture (413) by what bytes happen to end its pieces:
# about four pieces in ten of what is random, so that one of 3 MB hardly ever passes and one of 100 KB
# always does. A limit that is larger by the length of a boundary refuses none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check Werkzeug==3.1.9
cat >"$folder/see.py" <<'EOF'
from io import BytesIO
from random import Random

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

PIECE = 64 * 1024


def passes(limit, content):
    class Limited(Request):
        max_form_memory_size = limit

    builder = EnvironBuilder(method="POST", data={"picture": (BytesIO(content), "a.png")})
    try:
        with Limited(builder.get_environ()) as request:
            return len(request.files["picture"].read()) == len(content)
    except RequestEntityTooLarge:
        return False


dice = Random(1)
for size in (100, 200, 400, 3000):
    pictures = [dice.randbytes(size * 1024) for _ in range(20)]
    print(size, "KiB:", *(sum(passes(limit, each) for each in pictures) for limit in (PIECE, PIECE + 80)))
letters, lines = b"a" * 1024**2, b"\n" * 1024**2
print("letters alone:", passes(PIECE, letters), "line breaks alone:", passes(PIECE, lines))
assert passes(PIECE, letters) and not passes(PIECE, lines) and passes(PIECE + 80, lines)
EOF
"$folder/venv/bin/python" -W ignore "$folder/see.py"
# Seen, of twenty random files those that pass at 65,536 and at 80 more:
# 100 KiB: 20 20
# 200 KiB: 7 20
# 400 KiB: 1 20
# 3000 KiB: 0 20
# letters alone: True line breaks alone: False
