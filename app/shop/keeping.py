"""How long history is kept online: the day from which on it is shown, and before which months may leave."""

from datetime import date

from app.core import days
from app.core.months import months_before
from app.core.setting_kinds import NEVER
from app.shop.queries import setting

KEEP_POSTINGS = "keep_postings"
KEEP_RECORDS = "keep_records"


def cut_off(name: str, today: date | None = None) -> date | None:
    """The first day that is kept. None: everything is. name: of the setting; today: the shop's own when left out."""
    months = setting(name)
    return None if months == NEVER else months_before(today or days.today(), months)
