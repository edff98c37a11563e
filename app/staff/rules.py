"""What names, passwords and addresses of administrators must look like, wherever they are typed."""

import re
import unicodedata

from app.core.errors import N_, Invalid

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
_USERNAME = re.compile(r"[\w.@+-]{1,64}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{2,18}", re.ASCII)


def normal_name(username: str) -> str:
    """The name as it is kept: one width of signs, nothing around it. Case is kept but does not count."""
    return unicodedata.normalize("NFKC", username).strip()


def check_username(username: str) -> str:
    """The normal form of a new name. Raises Invalid unless it is letters, digits and . @ + - _, up to 64."""
    name = normal_name(username)
    if not _USERNAME.fullmatch(name):
        raise Invalid(username=N_("Use up to 64 letters, digits and . @ + - _ without spaces."))
    return name


def check_password(password: str, username: str) -> None:
    """Raises Invalid for a password that is too easy to guess."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(password=N_("Use at least 8 and at most 200 characters."))
    if password.casefold() == username.casefold():
        raise Invalid(password=N_("The password must not be the user name."))
    if len(set(password)) == 1:
        raise Invalid(password=N_("The password must not be one character repeated."))


def check_email(email: str | None) -> str | None:
    """The address without spaces around it, or None. Raises Invalid for what is no address."""
    plain = (email or "").strip()
    if plain and not (len(plain) <= 254 and _EMAIL.fullmatch(plain)):
        raise Invalid(email=N_("This is not an e-mail address."))
    return plain or None


def check_phone(phone: str | None) -> str | None:
    """The number in ASCII digits, or None. Raises Invalid for what is no number."""
    plain = unicodedata.normalize("NFKC", phone or "").strip()
    if plain and not _PHONE.fullmatch(plain):
        raise Invalid(phone=N_("This is not a phone number."))
    return plain or None


def check_key_name(name: str) -> str:
    """The normal form of an API key's name. Raises Invalid unless it has 1 to 64 signs that can be seen."""
    plain = " ".join(unicodedata.normalize("NFKC", name).split())
    if not 0 < len(plain) <= 64 or not plain.isprintable():
        raise Invalid(name=N_("Use a name of at most 64 characters."))
    return plain


def check_display_name(name: str | None) -> str | None:
    """The name without spaces around it, or None. Raises Invalid when it is longer than 80 signs."""
    plain = (name or "").strip()
    if len(plain) > 80 or not plain.isprintable():
        raise Invalid(display_name=N_("Use at most 80 characters."))
    return plain or None
