"""The plug of backups: commands alone, for the one who runs the machine."""

from app.backup.commands import backup_group, db_move_command, export_all_command
from app.core.feature import Feature

backup = Feature(
    name="backup", package=__package__ or "app.backup", commands=(backup_group, db_move_command, export_all_command)
)
