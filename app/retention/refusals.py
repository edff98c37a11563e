"""What retention says no to. Codes are compared by programs: never rename one."""

from app.core.errors import N_, Refused


class ProofFailed(Refused):
    """proofs: the names of those that failed."""

    code = "proof-failed"
    is_frozen = False
    sentence = N_("Nothing was deleted, because the ledger does not hold: %(proofs)s. Run `flask ledger verify`.")


class ArchiveWrong(Refused):
    """what: what is wrong, in a sentence."""

    code = "archive-wrong"
    is_frozen = False
    sentence = N_("Nothing was deleted, because an archive could not be proved: %(what)s.")


class ArchiveMoved(Refused):
    """file: its name."""

    code = "archive-moved"
    is_frozen = False
    sentence = N_("The file %(file)s is not in the folder of archives. Put it back.")
