from app.models import Answer
from app.replies.languages.vocabulary import Language

MINE = ("my appointment", "the appointment", "my appt")
WISHES = (
    *("need to", "i need to", "have to", "i have to", "want to", "i want to", "must", "i must"),
    *("gotta", "i gotta", "id like to", "i would like to", "can you", "could you", "can i"),
    *("could i", "i will have to", "ill have to", "im going to have to", "im gonna have to"),
)
TO_MOVE = ("can we", "could we", "may i", "is it possible to", "would it be possible to", *WISHES)

LANGUAGE = Language(
    alone={
        Answer.CONFIRM: ("y", "1", "c", "k"),
        Answer.CANCEL: ("n", "2", "no", "nope", "i cant", "i cannot", "no i cant", "no i cannot"),
    },
    phrases={
        Answer.CONFIRM: (
            *(
                "yes",
                "yess",
                "yep",
                "yup",
                "yea",
                "yeah",
                "sure",
                "ok",
                "okay",
                "confirm",
                "confirmed",
            ),
            *("i confirm", "confirming", "will do", "sounds good", "all good", "great", "perfect"),
            *(
                "im coming",
                "i am coming",
                "ill be there",
                "i will be there",
                "i will be",
                "be there",
            ),
            *("well be there", "we will be there", "see you", "see you then", "see you there"),
            *("will be there", "sure thing", "for sure", "absolutely", "definitely", "yes please"),
            *("see ya", "see ya then", "see u then", "ill see you then", "gonna be there"),
            *(
                "see you tomorrow",
                "see you soon",
                "no problem",
                "no worries",
                "of course",
                "got it",
            ),
            *("that works", "works for me", "👍", "👌", "✅", "✔"),
        ),
        Answer.CANCEL: (
            *("cancel", "cancel it", *(f"cancel {what}" for what in MINE), "cancel appointment"),
            *(f"{wish} cancel" for wish in WISHES),
            *(f"{wish} cancel {what}" for wish in WISHES for what in ("it", *MINE)),
            *(
                f"{who}{phrase}"
                for who in ("", "i ", "we ", "no i ", "no we ")
                for phrase in (
                    *("cant make it", "cannot make it", "cant come", "cannot come", "wont make it"),
                    *("wont be there", "wont be coming", "will not be there", "cant be there"),
                    *("will not make it", "wont be able to make it", "wont be able to come"),
                    *(f"cant make it to {what}" for what in MINE),
                )
            ),
            *(
                f"{who}{phrase}"
                for who in ("", "im ", "i am ", "no im ", "no i am ")
                for phrase in (
                    *("not coming", "unable to make it", "unable to come", "not gonna make it"),
                    *("not going to make it", "not able to make it", "not able to come"),
                )
            ),
            *("👎", "❌"),
        ),
        Answer.LATE: (
            *(
                "late",
                "running late",
                "im running late",
                "i am running late",
                "we are running late",
            ),
            *("were running late", "running behind", "im late", "i am late", "ill be late"),
            *("i will be late", "im going to be late", "i am going to be late", "might be late"),
            *("i might be late", "be late", "running a bit late", "running a little late"),
            *("im running a bit late", "im running a little late", "a bit late", "a little late"),
            *(
                "ill be a bit late",
                "ill be a little late",
                "stuck in traffic",
                "im stuck in traffic",
            ),
            *("i will be a bit late", "i will be a little late", "i am stuck in traffic"),
            *("gonna be late", "im gonna be late", "i am gonna be late", "going to be late"),
            *("will be late", "well be late", "we will be late", "be a bit late"),
            *("be a little late", "gonna be a bit late", "gonna be a little late"),
            *("im gonna be a bit late", "im gonna be a little late", "a few minutes late"),
            *("ill be a few minutes late", "im a few minutes late", "running a few minutes late"),
            *("be there in 10", "ill be there in 10", "i will be there in 10", "there in 10"),
            *("will be there in 10", "well be there in 10", "im there in 10", "here in 10"),
        ),
        Answer.MOVE: (
            *(
                "reschedule",
                *(f"{what} {mine}" for what in ("reschedule", "move") for mine in MINE),
            ),
            *(
                f"{wish} {what}"
                for wish in TO_MOVE
                for what in (
                    *("reschedule", "reschedule it", "postpone", "postpone it", "move it"),
                    *("change it", "change the time", "change the day", "change the date"),
                    *(f"{do} {what}" for do in ("reschedule", "move", "change") for what in MINE),
                    *("come another time", "come another day", "come a different day"),
                    *("come at a different time", "come earlier", "come later"),
                    *(f"{do}another {what}" for do in ("", "do ") for what in ("day", "time")),
                    *(f"{do}a different {what}" for do in ("", "do ") for what in ("day", "time")),
                )
            ),
            *("another time please", "another day please"),
        ),
    },
    courtesy=(
        *("please", "pls", "plz", "thanks", "thank you", "thx", "ty", "thank you very much"),
        *("thank you so much", "thanks so much", "many thanks", "sorry", "im sorry", "i am sorry"),
        *("so sorry", "hi", "hello", "hey", "hi there", "good morning", "good afternoon"),
        *("good evening", "bye", "unfortunately", "🙏", "🙂", "😊"),
        *("😀", "❤", "😅", "😢", "😞"),
    ),
    today=("today", "tonight", "this morning", "this afternoon", "this evening"),
    tomorrow=("tomorrow", "tmrw", "tmr"),
    weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    on=("on", "this", "for"),
    hours=("morning", "afternoon", "evening", "night"),
    doubtful="no not dont cant cannot wont unable reschedule move change another different time"
    " appointment instead maybe later earlier postpone running coming delayed cancelled canceled"
    " cancelling canceling cancellation rescheduled rescheduling",
)
