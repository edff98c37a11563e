"""What people call the codes of this room; programs and tables keep the codes.

`app.ui.formats.choice` makes these messages of the codes; here they are marked for translation.
"""

from app.core.errors import N_

METHOD_NAMES = (
    N_("Cash"),
    N_("Bank card"),
    N_("Alipay"),
    N_("WeChat"),
    N_("Bank transfer"),
    N_("Voucher"),
    N_("Other"),
)

# In operation records.
OPERATIONS = (
    N_("Create store"),
    N_("Change store"),
    N_("Switch method"),
    N_("Review methods"),
    N_("Change settings"),
    N_("Write help"),
)
OBJECTS = (N_("Store"), N_("Payment method"), N_("Setting"), N_("Help text"))
FIELDS = (
    N_("Wechat"),  # the way it is paid, switched on or off, is written down under its code
    N_("Code"),
    N_("Store name"),
    N_("Is open"),
    N_("Locale"),
    N_("Body"),
    N_("Bonus from"),
    N_("Bonus gift"),
    N_("Balance limit"),
    N_("Phone region"),
    N_("Shop name"),
    N_("Receipt paper"),
    N_("Cash taken"),
    N_("First steps"),
    N_("Spending order"),
    N_("Own store customers"),
    N_("Second factor roles"),
    N_("Clerks see own only"),
    N_("Keep postings"),
    N_("Keep records"),
)
