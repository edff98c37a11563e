"""The plug of backups: commands, a page for the owner, and what is done every night."""

from app.backup.commands import backup_group, db_move_command, export_all_command
from app.backup.nightly import JOBS
from app.backup.views import BackupsView
from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import SUPER_ADMIN, Action, Grant

VIEW = Grant(Action.VIEW, "backups")

backup = Feature(
    name="backup",
    package=__package__ or "app.backup",
    pages=(
        Page(
            BackupsView,
            "backups",
            label=N_("Backups"),
            category=N_("Administration"),
            icon="fa-floppy-disk",
            shows=VIEW,
        ),
    ),
    grants={SUPER_ADMIN: frozenset({VIEW, Grant(Action.POST, "backups"), Grant(Action.EXPORT, "backups")})},
    commands=(backup_group, db_move_command, export_all_command),
    jobs=JOBS,
)
