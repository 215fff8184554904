from app.inbound.stop_words.stop_words_of import Language

NOUN = r"(?:messages?|sms|textos?|notifications?|mails?|emails?|rappels?)"
# With what French puts before a verb: «m'envoyez» is one word here.
DOING = r"m?(?:envoy|ecri|contact|derang|harcel)\w+"
LANGUAGE = Language(
    stops=("arret", "arreter", "arretez", "desabonner", "desabonnement", "desinscription"),
    alone=("stopper", "ca suffit"),
    courtesy=("merci", "merci beaucoup", "svp", "sil vous plait", "sil te plait", "bonjour"),
    asks=(
        rf"\b(?:arrete[rz]?|cesse[rz]?|stop|stoppe[rz]?) (?:\w+ ){{0,3}}?(?:{DOING}|{NOUN})\b",
        rf"\bne (?:(?:me|nous) )?{DOING} (?:plus(?! tard)|pas)\b",
        rf"\bne (?:veux|voulons|souhaite|souhaitons) (?:plus|pas) (?:\w+ ){{0,3}}{NOUN}\b",
        rf"\bplus (?:de|aucuns?) {NOUN}\b",
        r"\b(?:me )?(?:desabonn|desinscri)\w+",
        r"\b(?:retire|supprime|efface|enleve)[rz]? mon (?:numero|contact)\b",
        r"\b(?:mauvais|faux) numero\b",
    ),
)
