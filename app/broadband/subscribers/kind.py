"""The subscriber list, declared."""

from app.broadband.subscribers import applying, staging
from app.broadband.subscribers.rules import SEALED, reader
from app.broadband.subscribers.words import LABELS, WORDS, Field
from app.core.errors import N_
from app.customers.takeover.kinds import ListKind
from app.customers.takeover.wording import REASONS

OWN_REASONS: dict[str, str] = {
    "missing": N_("This is needed."),
    "name-missing": N_("Nobody has this number yet: a name is needed."),
    "unknown-community": N_("There is no such community."),
    "unknown-package": N_("There is no such package."),
    "unknown-business-type": N_("There is no such business type for an opening."),
    "unknown-employee": N_("There is no such employee."),
    "unknown-installer": N_("There is no such installer."),
    "unknown-state": N_("This is not a state that a service can be in."),
    "ambiguous": N_("Several have this name. Give the code or the number instead."),
    "not-in-state": N_("A service in this state has no such day."),
    "needed-in-state": N_("A service in this state needs this day."),
    "too-early": N_("This day lies before %(day)s."),
    "bad-anchor-day": N_("This is not a day of the month, from 1 to 31."),
    "wrong-anchor-day": N_("The next month begins on %(day)s, which does not fit this day of the month."),
    "account-taken": N_("Another service has this broadband account."),
    "service-there": N_("This customer has such a service there already."),
    "bad-date": N_("This is not a day that can be."),
}
SUBSCRIBERS = ListKind(
    name="broadband",
    letters="TB",
    operation="broadband.take-over",
    object_type="broadband-import",
    noun="services",
    fields=Field,
    words=WORDS,
    labels=LABELS,
    reasons=REASONS | OWN_REASONS,
    phone=Field.PHONE,
    more_phones={1: Field.CONTACT_PHONE, 2: Field.LANDLINE},
    sealed=SEALED,
    secret=Field.BROADBAND_PASSWORD.value,
    reader=reader,
    refuse_doubles=staging.refuse_doubles,
    clashes=staging.clashes,
    apply=applying.apply,
    job_labels=(N_("Check a subscriber list"), N_("Take over a subscriber list")),
)
