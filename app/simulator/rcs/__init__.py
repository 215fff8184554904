"""RCS, as a Messaging Service of Twilio's carries it. https://www.twilio.com/docs/rcs"""
