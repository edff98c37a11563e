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


class WrongCredentials(Exception):
    """The name is unknown, the password is wrong, or the person may not sign in. Which one is told to nobody."""
