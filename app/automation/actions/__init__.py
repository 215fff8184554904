"""What a rule can do; one file each, found by looking into the folder."""

import sys

from app.automation.rule_part import Action, parts

ACTIONS = parts(sys.modules[__name__], Action)
