"""The customer as a subject of the owner's own fields, and which of his stock fields can be done without."""

from app.core.errors import N_
from app.core.subjects import Subject

CUSTOMER = "customer"
SUBJECT = Subject(
    CUSTOMER,
    N_("Customer"),
    {
        "gender": N_("Gender"),
        "birthday": N_("Birthday"),
        "language": N_("Language"),
        "landline": N_("Landline"),
        "contact_phone": N_("Other contact phone"),
        "email": N_("E-mail"),
        "id_number": N_("ID number"),
        "address": N_("Address"),
        "note": N_("Remark"),
    },
    is_personal=True,
)
