"""What the owner may set about notices."""

from app.core.errors import N_
from app.core.setting_kinds import Declared, SettingKind
from app.shop.settings import HOURS

NOTICES = N_("Notices to customers")
SETTINGS = (
    Declared(
        "quiet_from",
        SettingKind.CHOICE,
        "",
        N_("Nothing is sent to customers from"),
        N_("E-mail waits until these hours are over. In the app a notice is there at once."),
        HOURS,
        heading=NOTICES,
    ),
    Declared(
        "quiet_to",
        SettingKind.CHOICE,
        "",
        N_("Nothing is sent to customers until"),
        N_("An hour before the one of the beginning is one of the next morning."),
        HOURS,
        heading=NOTICES,
        begins="quiet_from",
    ),
)
