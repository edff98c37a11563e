"""What the customers' room says no to."""

from app.core.errors import N_, Refused


class PhoneTaken(Refused):
    """No rule of money: asked again under the same key, it is looked up again."""

    code = "phone-taken"
    is_frozen = False
    sentence = N_("Another customer has this phone number.")


class NumberTaken(Refused):
    code = "number-taken"
    is_frozen = False
    sentence = N_("Another customer has this customer number.")


class CustomerDeleted(Refused):
    code = "customer-deleted"
    sentence = N_("This customer has been deleted.")


class SameCustomer(Refused):
    code = "same-customer"
    is_frozen = False
    sentence = N_("These are not two customers, but the same one.")


class NotDeleted(Refused):
    code = "customer-not-deleted"
    sentence = N_("Only what is known of a deleted customer can be erased. Delete the customer first.")
