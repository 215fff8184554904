from app.emails.kind import Kind

KIND = Kind(
    key="rule_notice",
    subject="$rule: $customer",
    text="""\
Hello $name,

the rule “$rule” of $business wants you to look at the conversation with $customer:

$text

$url/messages/$customer_id

Of one rule and conversation you get one such email an hour at most. Rules stand under Setup, \
Automation.
""",
)
