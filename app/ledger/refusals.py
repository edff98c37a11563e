"""What the ledger says no to. Codes are compared by programs: never rename one."""

from app.core.errors import N_, Refused


class InsufficientBalance(Refused):
    """available: what could be taken; needed: what was asked."""

    code = "insufficient-balance"
    sentence = N_("The balance is not enough: %(available)s is available, %(needed)s is needed.")


class WalletClosed(Refused):
    code = "wallet-closed"
    sentence = N_("This customer's wallet is closed.")


class WalletFrozen(Refused):
    code = "wallet-frozen"
    sentence = N_("This customer's wallet is frozen. A super administrator can unfreeze it.")


class MethodOff(Refused):
    code = "method-off"
    sentence = N_("This payment method is switched off.")


class NoOpenShift(Refused):
    """Cash is taken in an open shift only, by a rule of the shop."""

    code = "no-open-shift"
    sentence = N_("Cash is taken in an open shift only. Open yours under Desk, My shift, then send it again.")


class AlreadyOpen(Refused):
    code = "shift-open"
    sentence = N_("You have an open shift in this store already.")


class ShiftClosed(Refused):
    code = "shift-closed"
    sentence = N_("This shift is closed.")


class BalanceLimit(Refused):
    """limit: the highest balance that a wallet may have."""

    code = "balance-limit"
    sentence = N_("The balance would exceed the limit of %(limit)s.")


class BalanceNotZero(Refused):
    """balance, bonus, held: what is still there."""

    code = "balance-not-zero"
    sentence = N_("The wallet is not empty: balance %(balance)s, bonus %(bonus)s, held %(held)s.")


class AlreadyReversed(Refused):
    code = "already-reversed"
    sentence = N_("This posting has been reversed already.")


class NotReversible(Refused):
    code = "not-reversible"
    sentence = N_("A posting of this kind cannot be reversed.")


class BelongsToDocument(Refused):
    """document: the kind of document that the posting came from."""

    code = "belongs-to-document"
    sentence = N_("This posting belongs to a document (%(document)s) and is undone there.")


class NotToday(Refused):
    code = "not-today"
    sentence = N_("Only postings of today can be reversed here. A super administrator can reverse older ones.")


class HoldEnded(Refused):
    code = "hold-ended"
    sentence = N_("This amount is no longer held.")


class HoldsOpen(Refused):
    """held: what is set aside for something that has not ended."""

    code = "holds-open"
    is_frozen = False
    sentence = N_("Something of this customer is still held: %(held)s. Wait until it has ended.")


class LimitExceeded(Refused):
    """limit: the most that may be taken at once."""

    code = "limit-exceeded"
    sentence = N_("The amount exceeds the limit of %(limit)s.")


class HasPostings(Refused):
    code = "has-postings"
    is_frozen = False
    sentence = N_("A past can only be written into a ledger without postings.")


class Archived(Refused):
    code = "archived"
    sentence = N_("This posting has left for an archive. It can be looked at there, and not be reversed any more.")
