"""Every setting of a deployment: its default, and one line of meaning. Read from the environment."""

import base64
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
VERSION = "0.1.0"
INSTANCE = Path(os.environ.get("INSTANCE_DIR", ROOT / "instance"))


def _list(name: str, default: str = "") -> tuple[str, ...]:
    return tuple(part.strip() for part in os.environ.get(name, default).split(",") if part.strip())


class BadSetting(ValueError):
    """A setting that cannot be used. Its text is a sentence that names it."""


def _whole(name: str, default: str) -> int:
    text = os.environ.get(name) or default
    if not (text.isascii() and text.isdigit()):
        raise BadSetting(f"{name} must be a whole number, and is {text!r}.")
    return int(text)


def _kept(name: str, make: Callable[[], str]) -> str:
    """A secret that is made once, kept beside the data, readable by its owner alone."""
    path = INSTANCE / name
    try:
        INSTANCE.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _keep(path, make())
        return path.read_text().strip()
    except OSError as failure:
        raise BadSetting(f"A key cannot be kept in {path}: {failure.strerror}.") from None


def _beside() -> str:
    """The address of the database that lies beside the other data."""
    if "?" in str(INSTANCE):  # the rest of the path would be taken for options, and the data kept elsewhere
        raise BadSetting(f"The data cannot be kept in {INSTANCE}: use a folder without a question mark in its path.")
    return f"sqlite:///{INSTANCE / 'prepaid.db'}"


def _new_secret() -> str:
    return secrets.token_urlsafe(48)


def _new_seal_key() -> str:
    return secrets.token_hex(32)


def _new_field_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _keep(path: Path, text: str) -> None:
    """Write a new file whole: of several processes that start at once one wins, and none reads half of it."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


class Config:
    """The settings of one deployment, taken from the environment when it starts."""

    def __init__(self) -> None:
        env = os.environ.get
        if "%" in str(ROOT):
            raise BadSetting(f"Nothing can be migrated from {ROOT}: use a folder without a per cent sign in its path.")
        self.TESTING = env("TESTING") == "1"  # allows TEST_NOW and nothing else
        self.HOST = env("HOST", "127.0.0.1")  # where it listens
        self.PORT = _whole("PORT", "8080")
        self.BASE_URL = env("BASE_URL", f"http://{self.HOST}:{self.PORT}")  # how it is reached
        self.SQLALCHEMY_DATABASE_URI = env("DATABASE_URL") or _beside()
        self.SECRET_KEY = env("SECRET_KEY") or _kept("secret_key", _new_secret)  # signs sessions; 32 characters or more
        self.SEAL_KEY = env("SEAL_KEY") or _kept("seal_key", _new_seal_key)  # signs closed days; 64 hex digits
        given = _list("FIELD_KEYS") or (_kept("field_key", _new_field_key),)
        self.FIELD_KEYS = tuple(given)  # seal ID numbers and passwords of lines: the first seals, all open
        self.ADMIN_USERNAME = env("ADMIN_USERNAME", "owner")  # the first super administrator
        self.ADMIN_PASSWORD = env("ADMIN_PASSWORD", "")  # empty: a random one, printed once
        self.SHOP_TIMEZONE = env("SHOP_TIMEZONE", "Asia/Shanghai")  # one business day for the deployment
        self.DAY_START = env("DAY_START", "00:00")  # when that day begins
        self.TEST_NOW = env("TEST_NOW") if self.TESTING else None  # where business time starts
        self.CURRENCY = env("CURRENCY", "CNY")  # ISO 4217, two decimals
        self.BABEL_DEFAULT_LOCALE = env("DEFAULT_LOCALE", "en")  # en, zh or zh_Hant_TW
        features = env("ENABLED_FEATURES")
        self.ENABLED_FEATURES = None if features is None else _list("ENABLED_FEATURES")  # None: all that exist
        self.TRUSTED_HOSTS = list(_list("TRUSTED_HOSTS")) or None  # Host headers to answer; None: see below
        self.TRUSTED_PROXIES = _whole("TRUSTED_PROXIES", "0")  # how many proxies set X-Forwarded-*
        self.LOG_LEVEL = env("LOG_LEVEL", "INFO").upper()  # what is told of on stderr: DEBUG to CRITICAL
        self.LOG_FORMAT = env("LOG_FORMAT", "json")  # one line of json for each event, or text
        self.METRICS_TOKEN = env("METRICS_TOKEN", "")  # bearer token of GET /metrics
        self.ARCHIVE_DIR = env("ARCHIVE_DIR", str(INSTANCE / "archives"))  # where retention puts old months
        self.BACKUP_DIR = env("BACKUP_DIR", str(INSTANCE / "backups"))  # where backups lie
        self.EXPORT_DIR = env("EXPORT_DIR", str(INSTANCE / "exports"))  # where long exports wait to be taken
        self.BACKUPS_KEPT = max(1, _whole("BACKUPS_KEPT", "14"))  # how many nightly ones stay
        self.REDIS_URL = env("REDIS_URL", "")  # where wake-ups of jobs wait, when there are several hosts
        self.JOBS_DIR = env("JOBS_DIR", str(INSTANCE / "jobs"))  # where they wait on one machine
        self.JOBS_IN_PROCESS = env("JOBS_IN_PROCESS", "1") == "1"  # run.py does the jobs as well
        self.MAIL_URL = env("MAIL_URL", "")  # who takes mail to customers: smtp://user:password@host:587, or smtps://
        self.MAIL_FROM = env("MAIL_FROM", "")  # who it is from: Name <desk@example.org>
        self.REPLICA_DATABASE_URL = env("REPLICA_DATABASE_URL", "")  # where reports read, when set

        # Set by the house, not by a deployment.
        self.APP_NAME = "Prepaid Desk"
        self.IS_SECURE = urlsplit(self.BASE_URL).scheme == "https"
        self.MAX_CONTENT_LENGTH = 64 * 1024 * 1024  # the largest upload
        self.MAX_FORM_MEMORY_SIZE = 1024 * 1024
        self.BOOTSTRAP_SERVE_LOCAL = True
        self.BABEL_DEFAULT_TIMEZONE = self.SHOP_TIMEZONE
        self.LANGUAGES = {
            "en": {"flag": "gb", "name": "English"},
            "zh": {"flag": "cn", "name": "简体中文"},
            "zh_Hant_TW": {"flag": "tw", "name": "繁體中文"},
        }
        self.AUTH_TYPE = 1  # passwords in our database
        self.AUTH_ROLE_ADMIN = "super-admin"
        self.AUTH_ROLE_PUBLIC = "public"
        self.FAB_CREATE_DB = False  # migrations own the tables
        self.FAB_UPDATE_PERMS = False  # `flask roles sync` owns the permissions
        self.FAB_ADD_SECURITY_API = False  # the HTTP API is our own
        self.FAB_ADD_OPENAPI_VIEWS = False
        self.FAB_API_SWAGGER_UI = False
        self.FAB_API_KEY_ENABLED = False
        self.RATELIMIT_ENABLED = False  # app/staff keeps its own, in the database, for every process
        self.SESSION_COOKIE_NAME = "__Host-session" if self.IS_SECURE else "session"
        self.SESSION_COOKIE_SECURE = self.IS_SECURE
        self.SESSION_COOKIE_HTTPONLY = True
        self.SESSION_COOKIE_SAMESITE = "Lax"
        self.PROPAGATE_EXCEPTIONS = False  # TESTING sets the clock; a fault is still answered, not thrown
        self.WTF_CSRF_TIME_LIMIT = None  # as long as the session
        self.WTF_CSRF_SSL_STRICT = self.IS_SECURE


class TestConfig(Config):
    """What the suite changes: a key of its own, hashing that costs nothing, time that may be set."""

    __test__ = False

    def __init__(self, database_url: str, **changes: object) -> None:
        super().__init__()
        self.TESTING = True
        self.SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests"  # noqa: S105
        self.SEAL_KEY = "5ea1" * 16  # no secret either
        self.FIELD_KEYS = (base64.urlsafe_b64encode(b"only-for-tests".ljust(32)).decode(),)
        self.SQLALCHEMY_DATABASE_URI = database_url
        self.FAB_PASSWORD_HASH_METHOD = "pbkdf2:sha256:1"  # noqa: S105
        self.ENABLED_FEATURES = None
        self.JOBS_DIR = ""  # in memory, and nobody listens but to tests that do
        self.PROPAGATE_EXCEPTIONS = True
        self.__dict__.update(changes)
