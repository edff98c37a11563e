"""The plug of backups: commands, for the one who runs the machine, and what is done every night."""

from app.backup.commands import backup_group
from app.backup.nightly import JOBS
from app.core.feature import Feature

backup = Feature(name="backup", package=__package__ or "app.backup", commands=(backup_group,), jobs=JOBS)
