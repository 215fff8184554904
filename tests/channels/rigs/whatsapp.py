from tests.channels.rigs.sms import Sms


class Whatsapp(Sms):
    path, prefix = "whatsapp", "whatsapp:"


RIG = Whatsapp
