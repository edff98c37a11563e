"""Why a run came to nothing, where the job itself did not say it."""

from app.core.errors import N_
from app.core.jobs import WorkFailed


class Unexpected(WorkFailed):
    code = "job-unexpected"
    sentence = N_("It ended with a fault that nobody expected (%(fault)s). The log of the server says more.")


class Busy(WorkFailed):
    code = "job-busy"
    sentence = N_("The database was busy all the time.")


class KilledTooOften(WorkFailed):
    code = "job-killed"
    sentence = N_("Its process ended in the middle of it %(attempts)s times.")


class NoSuchJob(WorkFailed):
    code = "job-unknown"
    sentence = N_("This house does not know the job.")
