"""What backups say no with, to the one at the console."""


class BackupRefused(Exception):
    """Why nothing was made or replaced, as a sentence."""


class Damaged(BackupRefused):
    """The file is not whole, or not one of ours."""
