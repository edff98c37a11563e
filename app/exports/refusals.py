"""Why a long export was not written, or is not handed out."""

from app.core.errors import N_
from app.core.jobs import WorkFailed


class NotAllowedAnyMore(WorkFailed):
    code = "export-not-allowed"
    sentence = N_("What this administrator may see has changed since it was asked for. Export it again.")


class NotMeantAnyMore(WorkFailed):
    code = "export-not-meant"
    sentence = N_("What was looked for means nothing any more. Export it again.")
