"""What the outbox says no to."""

from app.core.errors import N_, Refused


class NotToBeSent(Refused):
    code = "notice-not-to-be-sent"
    is_frozen = False
    sentence = N_("Only what failed, or may not have arrived, can be sent again.")


class ChannelOff(Refused):
    code = "channel-off"
    is_frozen = False
    sentence = N_("This is not set up any more, so nothing can be sent by it.")


class NothingToSay(Refused):
    code = "notice-erased"
    sentence = N_("There is nobody to send it to, or nothing is left of its text.")
