#!/usr/bin/env bash
# vobject 0.9.9: a vCard 2.1 may break a quoted-printable value over lines (section 2.1.3, as address
# books of older telephones do with long names). readOne knows such breaks where allowQP=True is asked for
# alone. Without it and with ignoreUnreadable=True the card is read, its name ends at the break, and the
# rest of it, a piece of somebody's name, is written into the log as an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check vobject==0.9.9
cat >"$folder/see.py" <<'EOF'
import logging

import vobject

CARD = "\r\n".join((
    "BEGIN:VCARD", "VERSION:2.1",
    "N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=C3=89mile;Zo=C3=AB=", "=20Anna",
    "TEL;CELL:+12125550100", "END:VCARD", "",
))
logged = []
log = logging.getLogger("vobject.base")
log.handlers = [logging.Handler()]
log.handlers[0].emit = lambda record: logged.append(record.getMessage())
for allowed in (True, False):
    card = vobject.readOne(CARD, allowQP=allowed, ignoreUnreadable=True)
    print(f"allowQP={allowed}:", repr(card.n.value.given), logged)
    assert card.n.value.given == ("Zoë Anna" if allowed else "Zoë")
assert "=20Anna" in logged[0]
EOF
"$folder/venv/bin/python" "$folder/see.py"
# Seen:
# allowQP=True: 'Zoë Anna' []
# allowQP=False: 'Zoë' ['Skipped line 7, message: At line 7: Failed to parse line: =20Anna']
