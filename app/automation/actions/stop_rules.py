from app.automation.rule_part import Action

PART = Action(
    key="stop",
    order=140,
    sentence="stop: no rule below this one looks at it",
    do=lambda seen, options, doer: "No further rule looked at it.",
    ends=True,
)
