#!/usr/bin/env bash
# libpass 1.9.4 (passlib.totp): a code of full-width digits, as keyboards for Japanese and Chinese type
# them, is no malformed one: normalize_token() returns it as it stands, and match() then says that it is
# wrong, though it is the code of that moment. Blanks and hyphens between digits are taken out.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check libpass==1.9.4
cat >"$folder/see.py" <<'EOF'
from passlib.exc import InvalidTokenError
from passlib.totp import TOTP

clock = TOTP(key="JBSWY3DPEHPK3PXP")
code = clock.generate(time=1_700_000_000).token
wide = code.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
print(clock.normalize_token(wide) == wide, clock.normalize_token(f"{code[:3]} {code[3:]}") == code)
try:
    clock.match(wide, time=1_700_000_000)
    said = "taken"
except InvalidTokenError as error:
    said = type(error).__name__
print(said)
assert clock.normalize_token(wide) == wide and said == "InvalidTokenError"
assert clock.match(code, time=1_700_000_000)
EOF
"$folder/venv/bin/python" "$folder/see.py"
# Seen:
# True True
# InvalidTokenError
