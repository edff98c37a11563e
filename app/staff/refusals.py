"""What the staff room says no to. Codes are compared by programs: never rename one."""

from app.core.errors import N_, Refused


class UsernameTaken(Refused):
    code = "username-taken"
    sentence = N_("This user name is taken. That of a removed administrator stays his.")


class EmailTaken(Refused):
    code = "email-taken"
    sentence = N_("Another administrator has this e-mail address.")


class LastSuperAdmin(Refused):
    code = "last-super-admin"
    sentence = N_("The last active super administrator cannot be removed, demoted or switched off.")


class BeyondOwnRights(Refused):
    code = "beyond-own-rights"
    sentence = N_("Nobody can give rights that he does not have, or change someone who has them.")


class StaffRemoved(Refused):
    code = "staff-removed"
    sentence = N_("This administrator was removed.")


class SecondFactorDemanded(Refused):
    code = "second-factor-demanded"
    sentence = N_("Your role must sign in with a code. Set up another telephone instead.")


class KeyNameTaken(Refused):
    code = "key-name-taken"
    sentence = N_("Another API key has or had this name.")


class SecondFactorNeeded(Exception):
    """A code is asked for besides the password. Whether that was right is not said.

    mark: what the next step needs of this one; for this browser alone, sealed. must_set_up: his role demands a second
    factor that he does not have.
    """

    def __init__(self, mark: str = "", *, must_set_up: bool = False):
        super().__init__()
        self.mark, self.must_set_up = mark, must_set_up


class WrongCredentials(Exception):
    """The name is unknown, the password is wrong, or the person may not sign in. Which one is told to nobody."""
