"""Names of payment methods as people read them; programs and tables keep the codes."""

from app.core.errors import N_

# `app.ui.formats.choice` makes these messages out of the codes; here they are marked for translation.
METHOD_NAMES = (
    N_("Cash"),
    N_("Bank card"),
    N_("Alipay"),
    N_("Wechat"),
    N_("Bank transfer"),
    N_("Voucher"),
    N_("Other"),
)
