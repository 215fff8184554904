#!/usr/bin/env bash
# holidays 0.109: one holiday has one name only as long as its date is certain. From some year on
# "(estimated)" stands behind it, in the same country and without asking for it, so that a choice
# that is kept by name (closed on Eid al-Fitr) is lost in later years, and nobody is told. The days of
# a year come in no order, and the names are in the language of the environment (LANGUAGE) unless one
# is given.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check holidays==0.109
cat >"$folder/see.py" <<'EOF'
import os

import holidays


def names(year):
    return list(holidays.country_holidays("AE", years=year, language="en_US").values())

for year in (2026, 2030):
    print(year, sorted(name for name in names(year) if name.startswith("Eid al-Fitr")))
days = list(holidays.country_holidays("AE", years=2026))
print("in order:", days == sorted(days))
first = holidays.country_holidays("DE", years=2026)["2026-01-01"]
print("1 January in Germany:", first)
assert "Eid al-Fitr" in names(2026) and "Eid al-Fitr" not in names(2030)
assert "Eid al-Fitr (estimated)" in names(2030) and days != sorted(days)
assert (first == "Новий рік") == (os.environ["LANGUAGE"] == "uk")
EOF
LANGUAGE=en_US "$folder/venv/bin/python" "$folder/see.py"
LANGUAGE=uk "$folder/venv/bin/python" "$folder/see.py"
# Seen:
# 2026 ['Eid al-Fitr', 'Eid al-Fitr Holiday', 'Eid al-Fitr Holiday', 'Eid al-Fitr Holiday']
# 2030 ['Eid al-Fitr (estimated)', 'Eid al-Fitr Holiday (estimated)', 'Eid al-Fitr Holiday (estimated)']
# in order: False
# 1 January in Germany: New Year's Day
# and the same again, with Новий рік
