"""Which numbers a business writes from: those on our account by the operator's grant, those on an
account of its own by Twilio's word."""
