"""What the owner sets about reminders."""

from app.broadband.settings import HEADING
from app.core.errors import N_
from app.core.setting_kinds import Declared, SettingKind

REMIND_DAYS, SUSPEND_AFTER = "broadband_remind_days", "broadband_suspend_after"
MOST_DAYS = 3650

SETTINGS = (
    Declared(
        REMIND_DAYS,
        SettingKind.WHOLE,
        7,
        N_("Days of reminder"),
        N_("So many days before its stop date a service is announced, unless its package has days of its own."),
        most=MOST_DAYS,
        heading=HEADING,
    ),
    Declared(
        SUSPEND_AFTER,
        SettingKind.WHOLE,
        None,
        N_("Days past the stop date until a service is suspended by force"),
        N_("Every day the overdue ones are suspended; not who is muted, nor who has promised to pay. Empty: never."),
        most=MOST_DAYS,
        heading=HEADING,
    ),
)
