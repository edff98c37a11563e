"""Whether a deployment's settings can be used. Each that cannot stops the start with one sentence."""

import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.numbers import get_currency_precision, get_territory_currencies
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.core.mail import mail_server, sender
from app.core.sealed import is_key
from config import BadSetting

SHORTEST_SECRET = 32
SEAL_KEY = re.compile("[0-9a-f]{64}")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_FORMATS = ("json", "text")
DATABASES = ("sqlite", "postgresql+psycopg")


def check(config: Mapping[str, Any]) -> None:
    """Look at every setting that can be wrong by itself. Raises BadSetting."""
    if len(config["SECRET_KEY"]) < SHORTEST_SECRET:
        raise BadSetting(f"SECRET_KEY is too short: at least {SHORTEST_SECRET} characters are needed.")
    if not SEAL_KEY.fullmatch(config["SEAL_KEY"]):
        raise BadSetting("SEAL_KEY must be 64 hexadecimal digits.")
    if not config["FIELD_KEYS"] or not all(map(is_key, config["FIELD_KEYS"])):
        raise BadSetting("FIELD_KEYS must be keys of 32 bytes in base64, with commas between them.")
    if not 0 < config["PORT"] < 65536:
        raise BadSetting(f"PORT must be a number from 1 to 65535, and is {config['PORT']}.")
    if not _is_address(config["BASE_URL"]):
        raise BadSetting(f"BASE_URL must be like https://desk.example.org, and is {config['BASE_URL']!r}.")
    _check_database(config["SQLALCHEMY_DATABASE_URI"])
    _check_replica(config["REPLICA_DATABASE_URL"], config["SQLALCHEMY_DATABASE_URI"])
    _check_time(config)
    _check_logs(config["LOG_LEVEL"], config["LOG_FORMAT"])
    _check_mail(config["MAIL_URL"], config["MAIL_FROM"])
    if not _has_two_decimals(config["CURRENCY"]):
        raise BadSetting(f"CURRENCY must be a currency in use, with two decimals, and is {config['CURRENCY']!r}.")
    if (locale := config["BABEL_DEFAULT_LOCALE"]) not in config["LANGUAGES"]:
        raise BadSetting(f"DEFAULT_LOCALE must be one of {', '.join(config['LANGUAGES'])}, and is {locale!r}.")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.path in ("", "/")
    except ValueError:
        return False


def _check_database(text: str) -> None:
    if _kind(text) not in DATABASES:
        raise BadSetting("DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")


def _kind(text: str) -> str:
    try:
        return make_url(text).drivername
    except (ArgumentError, ValueError):
        return ""


def _check_replica(text: str, home: str) -> None:
    """A replica is a copy that PostgreSQL keeps of a PostgreSQL database."""
    if text and not (_kind(text) == _kind(home) == DATABASES[1]):
        raise BadSetting("REPLICA_DATABASE_URL and DATABASE_URL must both begin with postgresql+psycopg://")


def _check_mail(url: str, from_: str) -> None:
    """The address holds a password: no sentence quotes it."""
    if not url:
        return
    try:
        mail_server(url)
    except ValueError:
        raise BadSetting("MAIL_URL must be like smtp://user:password@mail.example.org:587, or smtps://.") from None
    try:
        sender(from_)
    except ValueError:
        raise BadSetting(f"MAIL_FROM must be like Desk <desk@example.org>, and is {from_!r}.") from None


def _check_logs(level: str, form: str) -> None:
    if level not in LOG_LEVELS:
        raise BadSetting(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, and is {level!r}.")
    if form not in LOG_FORMATS:
        raise BadSetting(f"LOG_FORMAT must be one of {', '.join(LOG_FORMATS)}, and is {form!r}.")


def _check_time(config: Mapping[str, Any]) -> None:
    try:
        ZoneInfo(config["SHOP_TIMEZONE"])
    except (KeyError, ValueError, OSError):
        zone = config["SHOP_TIMEZONE"]
        raise BadSetting(f"SHOP_TIMEZONE must be a name like Asia/Shanghai, and is {zone!r}.") from None
    try:
        time.strptime(config["DAY_START"], "%H:%M")
    except ValueError:
        raise BadSetting(f"DAY_START must be a time like 04:00, and is {config['DAY_START']!r}.") from None
    if config["TEST_NOW"] and not _is_instant(config["TEST_NOW"]):
        raise BadSetting(
            f"TEST_NOW must be an instant with a zone, like 2026-03-31T09:00:00+08:00, and is {config['TEST_NOW']!r}."
        )


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _has_two_decimals(currency: str) -> bool:
    in_use = {code for territory in get_global("territory_currencies") for code in get_territory_currencies(territory)}
    return currency in in_use and get_currency_precision(currency) == 2
