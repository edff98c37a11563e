"""What people call the codes of this room. `app.ui.formats.choice` makes these messages of the codes."""

from app.core.errors import N_

WATCHED = (
    N_("Reversals"),
    N_("Refunds"),
    N_("Adjustments"),
    N_("After hours"),
    N_("Just below limit"),
    N_("Reprints"),
)
