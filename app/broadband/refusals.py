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


class SuspendedLately(Refused):
    """day: from which on it may be suspended again."""

    code = "suspended-lately"
    is_frozen = False
    sentence = N_("This service was suspended not long ago. It may be suspended again from %(day)s on.")


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


class NotTakenBack(Refused):
    code = "not-taken-back"
    sentence = N_("What was taken over with a list is not taken back. Close the service instead.")


class ServicesOpen(Refused):
    code = "services-open"
    is_frozen = False
    sentence = N_("This customer has broadband services that are not closed: %(services)s.")


class SameCustomer(Refused):
    code = "same-customer"
    sentence = N_("The service is his already.")


class NothingChanges(Refused):
    code = "nothing-changes"
    is_frozen = False
    sentence = N_("That is where the service is already.")


class WrongOrderState(Refused):
    """state: the code of the one that the order is in."""

    code = "wrong-order-state"
    is_frozen = False
    sentence = N_("This cannot be done with a work order in this state.")


class OpenWorkOrders(Refused):
    """orders: their numbers."""

    code = "open-work-orders"
    is_frozen = False
    sentence = N_("This service has work orders that are not ended: %(orders)s. Bill or cancel them first.")
