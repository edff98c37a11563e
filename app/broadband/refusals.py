"""What the rules of broadband say no with."""

from app.core.errors import N_, Refused


class ServiceClosed(Refused):
    code = "service-closed"
    sentence = N_("This service is closed. Open a new one.")


class WrongState(Refused):
    """state: the code of the one that it is in."""

    code = "wrong-state"
    is_frozen = False
    sentence = N_("This cannot be done with a service in this state.")


class AccountTaken(Refused):
    code = "account-taken"
    is_frozen = False
    sentence = N_("Another service has this broadband account.")


class LaterDocument(Refused):
    code = "later-document"
    is_frozen = False
    sentence = N_("Something was done with this service after that. Reverse the later document %(document)s first.")


class DocumentReversed(Refused):
    code = "document-reversed"
    sentence = N_("This document was reversed already.")


class SameCustomer(Refused):
    code = "same-customer"
    sentence = N_("The service is his already.")


class NothingChanges(Refused):
    code = "nothing-changes"
    is_frozen = False
    sentence = N_("That is where the service is already.")
