from app.inbound.stop_words.stop_words_of import Language

NOUN = r"(?:texts?|messages?|msgs?|sms|notifications?|emails?|reminders?|spam)"
DOING = r"(?:texting|messaging|contacting|writing|sending|emailing|spamming|bothering|calling)"
LANGUAGE = Language(
    # Beside those that Twilio reads (keywords.py).
    stops=(),
    alone=("stop", "stop all", "stop it", "stop now", "unsubscribe", "unsubscribe me", "opt out"),
    courtesy=(
        *("please", "pls", "plz", "thank you", "thanks", "thx", "now", "ok", "okay", "hi", "hello"),
        *("hey", "sorry", "just"),
    ),
    asks=(
        rf"(?<!dont )(?<!not )(?<!never )\b(?:stop|quit) (?:(?:all|the|these|those|your|any) )*"
        rf"(?:{DOING}|{NOUN})\b",
        rf"\bno more (?:\w+ ){{0,2}}{NOUN}\b",
        r"\b(?:dont|do not|never) (?:ever )?(?:text|message|contact|email|write|spam)"
        r"(?: to)? (?:me|us|this number)\b",
        rf"\b(?:dont|do not|never) (?:ever )?send (?:\w+ ){{0,3}}{NOUN}\b",
        rf"\b(?:dont|do not|no longer) (?:want|wish|need) (?:\w+ ){{0,7}}{NOUN}\b",
        r"\bopt(?:ing)? (?:me )?out\b",
        r"(?<!dont )(?<!not )\bunsubscribe\b",
        r"\b(?:take|remove|get) (?:me|us|my number|this number) (?:off|from) (?:\w+ )?"
        r"(?:list|texts|messages|database|contacts|mailing)\b",
        r"\b(?:remove|delete|lose) (?:my|this) (?:\w+ )?number\b",
        r"\b(?:revoke|withdraw) (?:my )?consent\b",
        r"\bleave me alone\b",
        r"\bwrong (?:number|person)\b",
    ),
)
