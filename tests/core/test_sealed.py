"""Values that are sealed: opened with any of the keys, told apart without opening, shown by a part of them."""

import pytest

from app.core import sealed
from app.core.sealed import HIDDEN, Unreadable

NUMBER = "11010519491231002X"


@pytest.fixture
def keys(app):
    """Call it with keys for this house; the former ones are back afterwards."""
    former = app.config["FIELD_KEYS"]
    yield lambda *given: app.config.update(FIELD_KEYS=given)
    app.config["FIELD_KEYS"] = former


def test_what_is_sealed_opens_and_says_nothing(app):
    token = sealed.seal(NUMBER)
    assert sealed.unseal(token) == NUMBER
    assert NUMBER not in token
    assert token != sealed.seal(NUMBER)


def test_nothing_stays_nothing(app):
    assert [sealed.seal(""), sealed.seal(None), sealed.unseal(None), sealed.mark(" "), sealed.mask("")] == [None] * 5
    assert sealed.marks("") == []
    assert sealed.is_readable(None)


def test_the_first_key_seals_and_all_open(app, keys):
    old, new = sealed.new_key(), sealed.new_key()
    keys(old)
    token = sealed.seal(NUMBER)
    keys(new, old)
    assert sealed.unseal(token) == NUMBER
    assert not sealed.is_of_first_key(token)
    assert sealed.is_of_first_key(sealed.seal(NUMBER))
    keys(new)
    with pytest.raises(Unreadable):
        sealed.unseal(token)
    assert not sealed.is_readable(token)
    assert sealed.shown(token) == HIDDEN
    assert not sealed.holds(token, NUMBER)
    assert not sealed.holds(token, None)


@pytest.mark.parametrize("token", ["x", "gAAAAAB", "\N{BULLET}", "=" * 120])
def test_what_is_no_token_is_unreadable(app, token):
    with pytest.raises(Unreadable):
        sealed.unseal(token)


def test_a_number_is_known_however_it_is_typed(app, keys):
    old, new = sealed.new_key(), sealed.new_key()
    keys(old)
    mark = sealed.mark(NUMBER)
    keys(new, old)
    assert mark in sealed.marks(" 110105 1949 1231 002x ")
    assert mark in sealed.marks("１１０１０５１９４９１２３１００２Ｘ")
    assert sealed.mark(NUMBER) == sealed.marks(NUMBER)[0] != mark
    assert mark not in sealed.marks("110105194912310021")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (NUMBER, "110" + "\N{BULLET}" * 11 + "002X"),
        ("A123456789", HIDDEN),
        ("7", HIDDEN),
        ("123456789012", "123•••••9012"),
    ],
)
def test_a_part_of_a_long_number_is_shown_and_nothing_of_a_short_one(text, shown):
    assert sealed.mask(text) == shown


def test_a_new_key_can_be_used_and_a_word_cannot():
    assert sealed.is_key(sealed.new_key())
    assert not any(map(sealed.is_key, ["", "word", "a" * 44 + "b", "密钥"]))
