from app.models import Answer
from app.replies.languages.vocabulary import Language

MINE = ("mi cita", "la cita")
WISHES = (
    *("quiero", "quisiera", "necesito", "tengo que", "deseo", "puedo", "podria", "podemos"),
    *("podriamos", "se puede", "seria posible", "es posible", "me gustaria", "voy a tener que"),
)
CANNOT = ("no puedo", "no podre", "no voy a poder", "no podemos", "no podremos")

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
            *("cancele mi cita", "cancela mi cita", "anular la cita", "anular mi cita"),
            *(f"{wish} {do}" for wish in WISHES for do in ("cancelar", "anular")),
            *(
                f"{wish} {do} {mine}"
                for wish in WISHES
                for do in ("cancelar", "anular")
                for mine in MINE
            ),
            *(
                f"{cannot} {do}"
                for cannot in CANNOT
                for do in (
                    *("ir", "asistir", "venir", "llegar", "acudir", "ir a la cita"),
                    *("ir a mi cita", "asistir a la cita", "asistir a mi cita"),
                )
            ),
            *("no ire", "no voy a ir", "no asistire", "no vamos a ir", "no llego"),
            *("no voy a llegar", "no me es posible ir", "me es imposible ir"),
        ),
        Answer.LATE: (
            *("tarde", "llego tarde", "voy tarde", "llegare tarde", "llegamos tarde"),
            *("voy a llegar tarde", "llegaremos tarde", "llego un poco tarde", "un poco tarde"),
            *("llegare un poco tarde", "voy a llegar un poco tarde", "voy con retraso"),
            *("llego con retraso", "con retraso", "me retraso", "voy retrasado", "voy retrasada"),
            *("voy atrasado", "voy atrasada", "estoy en el trafico", "hay mucho trafico"),
            *("llego en 10", "estoy ahi en 10", "ahi en 10", "estare ahi en 10", "en 10 llego"),
            *("llego en 10 minutos", "en 10 minutos llego", "en 10 minutos estoy ahi"),
        ),
        Answer.MOVE: (
            *("reprogramar", *(f"{do} {mine}" for do in ("cambiar", "mover") for mine in MINE)),
            *(
                f"{wish} {do}"
                for wish in WISHES
                for do in (
                    *("reprogramar", "cambiar la hora", "cambiar el dia", "cambiar de hora"),
                    *("cambiar de dia", "cambiar la fecha", "cambiarla", "moverla", "aplazar"),
                    *("aplazarla", "posponer", "posponerla", "reprogramarla", "ir otro dia"),
                    *("otro dia", "otra hora", "otra fecha", "ir a otra hora"),
                    *(
                        f"{change} {mine}"
                        for change in ("reprogramar", "cambiar", "mover", "aplazar", "posponer")
                        for mine in MINE
                    ),
                )
            ),
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
    today=("hoy", "esta manana", "esta tarde", "esta noche"),
    tomorrow=("manana",),
    weekdays=("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    on=("el", "este", "para", "para el"),
    hours=("por la manana", "por la tarde", "por la noche", "a la tarde", "en la tarde"),
    doubtful="puedo podre podremos podemos cambiar cambio mover otra otro hora cita reprogramar"
    " aplazar posponer quizas quiza tal antes despues luego cancelado cancelacion cancelarla"
    " cancelarlo",
)
