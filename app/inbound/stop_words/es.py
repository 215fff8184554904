from app.inbound.stop_words.stop_words_of import Language

NOUN = r"(?:mensajes?|sms|textos?|notificaci(?:on|ones)|correos?|recordatorios?)"
DOING = r"(?:mandar|enviar|escribir|contactar|molestar|mensajear|textear)\w*"
LANGUAGE = Language(
    stops=("baja", "alto", "darse de baja", "darme de baja", "dar de baja"),
    alone=("parar", "basta", "ya basta", "paren", "paren ya"),
    courtesy=("por favor", "porfa", "favor", "gracias", "muchas gracias", "hola", "ya"),
    asks=(
        r"\bno (?:me|nos) (?:mande[ns]?|envie[ns]?|escriba[ns]?|contacte[ns]?|moleste[ns]?)\b",
        rf"\bno (?:mande[ns]?|envie[ns]?) (?:\w+ ){{0,2}}{NOUN}\b",
        rf"\bno (?:quiero|queremos|deseo|deseamos) (?:\w+ ){{0,4}}{NOUN}\b",
        rf"\b(?:no mas|basta de) (?:\w+ )?{NOUN}\b",
        rf"\b(?:dejen|deje|deja|dejar|paren|pare) (?:ya )?de (?:\w+ ){{0,2}}{DOING}",
        r"\b(?:darme|darse|denme|deme|dame|dar|doy|den|quiero|solicito) (?:la |de )?baja\b",
        r"\b(?:borr|elimin|quit)(?:en|e|a|ar) mi (?:numero|telefono|contacto)\b",
        r"\b(?:desuscrib|cancel\w+ (?:la |mi )?suscripcion)",
        r"\bnumero equivocado\b",
    ),
)
