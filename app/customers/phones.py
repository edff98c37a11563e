"""Phone numbers: whatever a person types becomes one E.164 number, or is refused."""

import unicodedata

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

LONGEST = 40
_SEPARATORS = frozenset(" -.()/+")
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_OF_PEOPLE = _MOBILE | {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER,
}


class NotAPhone(ValueError):
    """The text is not the phone number of a person."""


def normalise(text: str, region: str = "CN") -> str:
    """The number in E.164, such as +8613800138000.

    text: with spaces, dashes, full-width digits, +86 or 0086. region: the country (ISO 3166) of a number that
    names none. Landlines of people are accepted, service lines are not. Raises NotAPhone for anything else.
    """
    plain = _plain(text)
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        raise NotAPhone(text) from None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _OF_PEOPLE:
        raise NotAPhone(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def is_mobile(e164: str) -> bool:
    """Whether it is the number of a mobile phone, or may be one: some countries do not tell them apart."""
    return phonenumbers.number_type(phonenumbers.parse(e164)) in _MOBILE


def digits_of(text: str) -> str:
    """The digits of what was typed, in order and as ASCII: the start of a search, not yet a number."""
    return "".join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())


def digits_reversed(e164: str) -> str:
    """All digits backwards, so that an index finds a number by its last ones."""
    return digits_of(e164)[::-1]


def _plain(text: str) -> str:
    """ASCII digits and separators; letters are refused, because the library would read 1-800-FLOWERS."""
    if not isinstance(text, str) or len(text) > LONGEST:
        raise NotAPhone(text)
    plain = "".join(_ascii(sign) for sign in unicodedata.normalize("NFKC", text))
    if not any(sign.isdigit() for sign in plain) or not all(sign.isdigit() or sign in _SEPARATORS for sign in plain):
        raise NotAPhone(text)
    return plain.strip()


def _ascii(sign: str) -> str:
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    kind = unicodedata.category(sign)
    if kind in {"Cf", "Cc"}:  # marks of direction and width that come along when a number is copied
        return "" if kind == "Cf" else " "
    return {"Pd": "-", "Zs": " "}.get(kind, sign)
