"""Everything that people read is there in each language, and is what the server serves."""

import importlib
import pkgutil
import re
from enum import StrEnum
from functools import cache

import pytest
from babel.messages import Catalog

import app as house
from app.approvals.models import ApprovalState
from app.broadband.models import CallOutcome, DocumentKind, OrderStatus, ServiceStatus, Usage, WorkKind
from app.broadband.reminders.filters import Muting
from app.broadband.reports.openings import CountedBy
from app.broadband.reports.user_status import UserStatus
from app.core.actor import ActorKind
from app.core.errors import Refused
from app.customers.models import CustomerType, Gender, ImportState
from app.fields.models import FieldKind
from app.ledger.archives.models import ArchiveKind, ArchiveState
from app.ledger.models import HoldStatus, Kind, Purse, WalletStatus
from app.notices.models import Channel, DeliveryState, Problem
from app.shop.models import Method
from app.staff.models import SessionKind, StaffStatus
from app.ui import formats
from app.watch.queries import Watched
from tests.house.source import calls, files, place
from tools import messages

SPOKEN = (
    ActorKind,
    ApprovalState,
    ArchiveKind,
    ArchiveState,
    CallOutcome,
    Channel,
    CountedBy,
    CustomerType,
    DeliveryState,
    DocumentKind,
    FieldKind,
    Gender,
    HoldStatus,
    ImportState,
    Kind,
    Method,
    Muting,
    OrderStatus,
    Problem,
    Purse,
    ServiceStatus,
    UserStatus,
    SessionKind,
    StaffStatus,
    Usage,
    WalletStatus,
    Watched,
    WorkKind,
)
# Names for programs: no page shows them.
SILENT = {
    "AtClosing",  # its words stand in the declaration of the setting
    "Format",  # file formats go by their own names
    "Action",
    "By",
    "DayState",
    "Field",
    "Language",  # languages go by their own names
    "Outcome",
    "RunState",
    "Unread",
}
NO_ENGLISH_SIGN = re.compile(r"[\u3400-\u9fff][,;:!?]|[,;:!?][\u3400-\u9fff]|[\u3400-\u9fff]\.(\s|$)")
ENDS = {".": "。", "?": "？"}
CHARACTERS = {"zh": "gb2312", "zh_Hant_TW": "big5"}
GATHER = "run `make messages` and fill in what it added"


@cache
def gathered() -> Catalog:
    return messages.gather()


@cache
def kept(locale: str) -> Catalog:
    return messages.read(locale)


def ids(catalogue: Catalog) -> set:
    return {message.id for message in catalogue if message.id}


def said(message) -> list[str]:
    return [text for text in messages.texts(message) if text]


def is_translated(found, message) -> bool:
    return found is not None and found.id == message and not found.fuzzy and bool(said(found.string))


def is_message(text: str) -> bool:
    return text in {messages.texts(name)[0] for name in ids(gathered())}


@pytest.fixture(params=messages.LOCALES)
def locale(request) -> str:
    return request.param


def test_every_message_is_translated(locale):
    missing = {
        messages.texts(message.id)[0]: message.locations
        for message in gathered()
        if message.id and not is_translated(kept(locale).get(message.id), message.id)
    }
    assert missing == {}, GATHER


def test_nothing_is_translated_that_nobody_says(locale):
    assert ids(kept(locale)) - ids(gathered()) == set(), GATHER
    assert not kept(locale).obsolete


def test_the_server_reads_what_people_have_written(locale):
    assert messages.path(locale).with_suffix(".mo").read_bytes() == messages.compiled(kept(locale)), (
        "run `make messages`"
    )


def test_translations_hold_the_same_figures(locale):
    def figures(text: str) -> set[str]:
        return set(re.findall(r"%(?:\(\w+\))?[sdr]|\{\w+\}", text))

    wrong = [
        (message.id, text)
        for message in kept(locale)
        if message.id
        for text in messages.texts(message.string)
        if figures(text) != figures(messages.texts(message.id)[-1])
    ]
    assert wrong == []


def test_translations_are_written_with_chinese_signs(locale):
    wrong = []
    for message in kept(locale):
        english = messages.texts(message.id)[0]
        for text in messages.texts(message.string) if english else ():
            end = "" if english.endswith(" no.") else ENDS.get(english[-1], "")
            if NO_ENGLISH_SIGN.search(text) or not text.endswith(end) or text != text.strip():
                wrong.append((english, text))
    assert wrong == []


def test_each_catalogue_keeps_to_its_own_characters(locale):
    def is_strange(sign: str) -> bool:
        try:
            sign.encode(CHARACTERS[locale])
        except UnicodeEncodeError:
            return True
        return False

    wrong = [
        (text, sign)
        for message in kept(locale)
        if message.id
        for text in messages.texts(message.string)
        for sign in text
        if is_strange(sign)
    ]
    assert wrong == []


def test_one_english_text_has_one_plural_form(locale):
    assert kept(locale).num_plurals == 1
    assert all(len(said(message.string)) == 1 for message in kept(locale) if message.id)


def test_every_code_that_people_see_has_words(app):
    with app.test_request_context():
        words = {f"{kind.__name__}.{member.name}": formats.choice(member) for kind in SPOKEN for member in kind}
    assert {name: word for name, word in words.items() if not is_message(word)} == {}


def test_every_enum_is_known_as_spoken_or_silent():
    for module in pkgutil.walk_packages(house.__path__, "app."):
        importlib.import_module(module.name)
    ours = {kind.__name__ for kind in StrEnum.__subclasses__() if kind.__module__.startswith("app.")}
    assert ours == SILENT | {kind.__name__ for kind in SPOKEN}


def test_operation_records_are_told_in_words(app):
    """The names of operations and of objects, as far as they are written out where they are recorded."""
    wrong = []
    with app.test_request_context():
        for path in files("app"):
            for call, name in calls(path):
                texts = (
                    [getattr(each, "value", None) for each in call.args[:2]] if name in ("record", "_record") else []
                )
                for text in texts:
                    if isinstance(text, str) and not is_message(formats.choice(text.rpartition(".")[2])):
                        wrong.append((place(path, call), text))
    assert wrong == []


def test_every_refusal_can_be_said():
    refusals = [kind for kind in Refused.known.values() if kind.__module__.startswith("app.")]
    assert {kind.code for kind in refusals if not is_message(kind.sentence)} == set()
