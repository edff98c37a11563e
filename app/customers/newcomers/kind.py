"""The customer list, declared."""

from app.core.errors import N_
from app.customers.newcomers import applying
from app.customers.newcomers.rows import SEALED, reader
from app.customers.newcomers.words import WORDS, Field
from app.customers.takeover.kinds import ListKind
from app.customers.takeover.wording import REASONS

FIELDS: dict[str, str] = {
    Field.PHONE: N_("Phone"),
    Field.NAME: N_("Name"),
    Field.BALANCE: N_("Balance"),
    Field.BONUS: N_("Bonus"),
    Field.CUSTOMER_NO: N_("Customer no."),
    Field.TYPE: N_("Type"),
    Field.GENDER: N_("Gender"),
    Field.BIRTHDAY: N_("Birthday"),
    Field.ADDRESS: N_("Address"),
    Field.LANDLINE: N_("Landline"),
    Field.CONTACT_PHONE: N_("Contact phone"),
    Field.EMAIL: N_("E-mail"),
    Field.LANGUAGE: N_("Language"),
    Field.ID_NUMBER: N_("ID number"),
    Field.NOTE: N_("Note"),
}
CUSTOMERS = ListKind(
    name="customers",
    letters="TK",
    operation="customers.take-over",
    object_type="customer-import",
    noun="customers",
    fields=Field,
    words=WORDS,
    labels=FIELDS,
    reasons=REASONS,
    phone=Field.PHONE,
    more_phones={1: Field.CONTACT_PHONE, 2: Field.LANDLINE},
    money=Field.BALANCE,
    totals={"opening_total": N_("Opening balances"), "bonus_total": N_("Bonus")},
    sealed=SEALED,
    reader=reader,
    refuse_doubles=applying.refuse_doubles,
    sums=applying.sums,
    clashes=applying.clashes,
    apply=applying.apply,
    job_labels=(N_("Check a customer list"), N_("Take over a customer list")),
)
