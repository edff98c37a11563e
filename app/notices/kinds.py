"""What customers may be told now, as the open rooms have declared it."""

from collections.abc import Mapping

from app.core.notices import NoticeKind
from app.core.rooms import open_rooms


def notice_kinds() -> Mapping[str, NoticeKind]:
    """By name, in the order of the rooms."""
    return {kind.name: kind for room in open_rooms() for kind in room.notices}
