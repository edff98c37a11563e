"""Where mail is handed over, as MAIL_URL says it, and what an e-mail address is."""

import re
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mail. is_secure: encrypted from the first byte on, else as soon as it offers it."""

    host: str
    port: int
    is_secure: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_here(self) -> bool:
        """Whether it is this very machine: nobody listens in between."""
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


def mail_server(url: str) -> MailServer:
    """What smtp://user:password@host:port means, or smtps://. Raises ValueError without the text, which is secret."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
    except ValueError:
        raise ValueError("no mail server") from None
    is_address = parts.scheme in PORTS and parts.path in ("", "/") and not parts.query and not parts.fragment
    if not is_address or not parts.hostname or bool(user) != bool(password):
        raise ValueError("no mail server")
    return MailServer(parts.hostname, port, parts.scheme == "smtps", user, password)


def sender(text: str) -> Address:
    """Who writes: desk@example.org, or The desk <desk@example.org>. Raises ValueError."""
    name, address = parseaddr(text)
    if not text.isprintable() or (plain := plain_address(address)) is None:
        raise ValueError("no sender")
    return Address(name, addr_spec=plain)


def plain_address(text: str | None) -> str | None:
    """An e-mail address as servers take it, its domain in ASCII; None for what is none."""
    local, _, domain = (text or "").strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return None
    is_local = bool(_LOCAL.fullmatch(local)) and not (local.startswith(".") or local.endswith(".") or ".." in local)
    return f"{local}@{domain}" if is_local and _DOMAIN.fullmatch(domain) else None
