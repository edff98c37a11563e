"""Services and work orders as subjects of the owner's own fields, and which stock fields can be done without."""

from app.core.errors import N_
from app.core.subjects import Subject

SERVICE, ORDER = "broadband-service", "work-order"
SUBJECTS = (
    Subject(
        SERVICE,
        N_("Broadband service"),
        {
            "access_order_no": N_("Access order no."),
            "broadband_account": N_("Broadband account"),
            "broadband_password": N_("Password"),
            "bound_number": N_("Bound number"),
            "salesperson": N_("Salesperson"),
            "remark": N_("Remark"),
        },
        is_personal=True,
    ),
    Subject(ORDER, N_("Work order"), is_personal=True),
)
