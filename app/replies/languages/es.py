from app.models import Answer
from app.replies.languages.base import Language

LANGUAGE = Language(
    alone={
        Answer.CONFIRM: ("s",),
        Answer.CANCEL: ("no", "no puedo", "no podre", "no voy a poder", "no voy", "no vamos"),
    },
    phrases={
        Answer.CONFIRM: (
            *("si", "sip", "claro", "vale", "bueno", "de acuerdo", "confirmo", "confirmado"),
            *("confirmada", "confirmar", "lo confirmo", "la confirmo", "confirmo mi cita"),
            *(
                "confirmo la cita",
                "confirmo asistencia",
                "ahi estare",
                "alli estare",
                "ahi estaremos",
            ),
            *("alli estaremos", "estare ahi", "estare alli", "voy", "ire", "asistire", "perfecto"),
            *("nos vemos", "nos vemos manana", "hasta manana", "listo", "por supuesto"),
            *("sin problema", "no hay problema", "esta bien"),
        ),
        Answer.CANCEL: (
            *(
                "cancelar",
                "cancelo",
                "cancela",
                "cancele",
                "cancelen",
                "cancelada",
                "anular",
                "anulo",
            ),
            *("cancelar mi cita", "cancelar la cita", "cancelo mi cita", "cancelo la cita"),
            *("cancele mi cita", "cancela mi cita", "quiero cancelar", "quiero cancelar mi cita"),
            *("quisiera cancelar", "quisiera cancelar mi cita", "necesito cancelar"),
            *(
                "necesito cancelar mi cita",
                "tengo que cancelar",
                "deseo cancelar",
                "anular la cita",
            ),
            *("no puedo ir", "no puedo asistir", "no puedo venir", "no ire"),
            *("no podre ir", "no podre asistir", "no voy a ir", "no asistire"),
            *("no voy a poder ir", "no llego", "no puedo llegar"),
        ),
        Answer.LATE: (
            *("tarde", "llego tarde", "voy tarde", "llegare tarde", "llegamos tarde"),
            *("voy a llegar tarde", "llegaremos tarde", "llego un poco tarde", "un poco tarde"),
            *("llegare un poco tarde", "voy a llegar un poco tarde", "voy con retraso"),
            *("llego con retraso", "con retraso", "me retraso", "voy retrasado", "voy retrasada"),
            *("voy atrasado", "voy atrasada", "estoy en el trafico", "hay mucho trafico"),
        ),
    },
    courtesy=(
        *(
            "por favor",
            "porfa",
            "porfavor",
            "gracias",
            "muchas gracias",
            "mil gracias",
            "lo siento",
        ),
        *("perdon", "disculpa", "disculpe", "disculpen", "hola", "buenos dias", "buenas tardes"),
        *("buenas noches", "buenas", "saludos", "adios", "desgraciadamente"),
    ),
    doubtful="cambiar cambio mover otra otro hora cita reprogramar aplazar posponer quizas quiza"
    " tal antes despues luego cancelado cancelacion cancelarla cancelarlo",
)
