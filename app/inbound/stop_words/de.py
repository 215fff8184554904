from app.inbound.stop_words.stop_words_of import Language

NOUN = r"(?:nachrichten|sms|e ?mails?|mails?|texte|whatsapps?|erinnerungen|werbung)"
LANGUAGE = Language(
    stops=("stopp",),
    # Of an appointment, too: for a person.
    alone=("abmelden", "abbestellen", "austragen", "aufhoren", "schluss"),
    courtesy=("bitte", "danke", "vielen dank", "hallo", "sofort", "jetzt", "mich"),
    asks=(
        rf"\bkeine (?:weiteren |mehr ){NOUN}\b",
        rf"\bkeine {NOUN} mehr\b",
        rf"\b(?:bitte|will|wollen|mochten?|wunsche) (?:\w+ ){{0,2}}keine (?:weiteren )?{NOUN}\b",
        r"\b(?:schreib|schick|send|kontaktier|belastig)\w* (?:\w+ ){0,4}?(?:nichts?|nie) mehr\b",
        r"\bh(?:o|oe)r(?:t|en)? (?:\w+ )?(?:bitte )?auf\b",
        rf"\b(?:{NOUN}|newsletter|liste) (?:\w+ ){{0,2}}(?:abmelden|abbestellen|austragen)\b",
        r"\b(?:losch|streich|entfern)\w* (?:\w+ ){0,2}meine (?:\w+ )?nummer\b",
        r"\blass(?:t|en)? (?:\w+ )?mich in ruhe\b",
        r"\bfalsche nummer\b",
    ),
)
