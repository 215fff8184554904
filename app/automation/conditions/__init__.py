"""What a rule can ask for; one file each, found by looking into the folder."""

import sys

from app.automation.rule_part import Condition, parts

CONDITIONS = parts(sys.modules[__name__], Condition)
