"""What can set a rule off; one file each, found by looking into the folder."""

import sys

from app.automation.rule_part import Trigger, parts

TRIGGERS = parts(sys.modules[__name__], Trigger)
