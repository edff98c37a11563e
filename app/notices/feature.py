"""The plug of the notices."""

from app.core.feature import Feature
from app.notices.operations import erase_notices
from app.notices.sending import JOBS

notices = Feature(
    name="notices",
    package=__package__ or "app.notices",
    erasers=(erase_notices,),
    jobs=JOBS,
)
