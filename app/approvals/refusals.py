"""What approvals say no with. None is kept under a key: the same request may be answered otherwise later."""

from app.core.errors import N_, Refused


class OwnApproval(Refused):
    code = "own-approval"
    is_frozen = False
    sentence = N_("Nobody approves what he asked for himself. Another super administrator must look at it.")


class AlreadyDecided(Refused):
    code = "already-decided"
    is_frozen = False
    sentence = N_("This request has been decided already.")


class ApprovalExpired(Refused):
    code = "approval-expired"
    is_frozen = False
    sentence = N_("This request waited for too long and has expired. It must be asked for again.")


class AlreadyWaiting(Refused):
    """approval: the number of the request that waits."""

    code = "already-waiting"
    is_frozen = False
    sentence = N_("Request %(approval)s for the same posting waits for a second person already.")


class ApprovalAltered(Refused):
    code = "approval-altered"
    is_frozen = False
    sentence = N_("This request is no longer what was asked for. It cannot be approved.")
