from app.models import Answer
from app.replies.languages.base import Language

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
            *("cancel", "cancel it", "cancel my appointment", "cancel the appointment"),
            *("cancel appointment", "i want to cancel", "i need to cancel", "i have to cancel"),
            *("i would like to cancel", "id like to cancel", "need to cancel", "have to cancel"),
            *("can you cancel", "could you cancel", "must cancel", "i must cancel"),
            *("cant make it", "i cant make it", "cannot make it", "i cannot make it", "cant come"),
            *("i cant come", "i cannot come", "wont make it", "i wont make it", "wont be there"),
            *("i wont be there", "i will not be there", "not coming", "im not coming"),
            *("i am not coming", "i wont be coming", "👎", "❌"),
            *("cant make it today", "cant make it tomorrow", "i cant make it today"),
            *("i cant make it tomorrow", "i cant come today", "i cant come tomorrow"),
            *("no i cant make it", "no i cant come", "no i wont make it", "no im not coming"),
            *("unable to make it", "i am unable to make it", "im unable to make it"),
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
        ),
    },
    courtesy=(
        *("please", "pls", "plz", "thanks", "thank you", "thx", "ty", "thank you very much"),
        *("thank you so much", "thanks so much", "many thanks", "sorry", "im sorry", "i am sorry"),
        *("so sorry", "hi", "hello", "hey", "hi there", "good morning", "good afternoon"),
        *("good evening", "bye", "unfortunately", "🙏", "🙂", "😊"),
        *("😀", "❤", "😅", "😢", "😞"),
    ),
    doubtful="no not dont reschedule move change another different time appointment instead maybe"
    " later earlier postpone running coming delayed cancelled canceled cancelling canceling"
    " cancellation rescheduled rescheduling",
)
