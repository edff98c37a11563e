"""E-mail. The standard library's client, asked step by step: what is lost before the text was handed over has not left,
and what is lost after it may have. A client that sends in one call cannot tell these two apart."""

import re
import smtplib
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from app.core import clock
from app.core.mail import MailServer, plain_address
from app.notices.gateways import Away, Doubtful, NotNow, Rejected
from app.notices.models import Problem

PATIENCE = 30.0  # seconds for each answer of the server
GOES_ON, CLOSING = 354, 421
_POLICY = SMTP.clone(cte_type="7bit")  # every server takes it
_DOT = re.compile(rb"(?m)^\.")


class MailGateway:
    """Hands messages over to one mail server, on one connection as long as it holds."""

    def __init__(self, server: MailServer, sender: Address) -> None:
        self._server, self._sender = server, sender
        self._session: smtplib.SMTP | None = None

    def send(self, address: str, subject: str, body: str, key: str) -> None:
        """As `Gateway.send` says. What the server refuses by 4xx is NotNow, by 5xx Rejected."""
        if (plain := plain_address(address)) is None:
            raise Rejected(Problem.NO_ADDRESS)
        text = self._message(plain, subject, body, key)
        session = self._ready()
        try:
            self._introduce(session)
            self._ask(*session.rcpt(plain))
            self._ask(*session.docmd("DATA"), good=GOES_ON)
        except OSError:
            self.close()
            raise Away(Problem.NO_CONNECTION) from None
        code: int | None
        try:
            session.send(_DOT.sub(b"..", text) + b".\r\n")
            code = session.getreply()[0]
        except OSError:
            code = None
        if code is None or code // 100 not in (2, 4, 5):
            self.close()
            raise Doubtful(Problem.BROKEN_OFF, code)
        self._ask(code)

    def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with suppress(OSError):
                session.quit()
            session.close()

    def _message(self, address: str, subject: str, body: str, key: str) -> bytes:
        message = EmailMessage(_POLICY)
        message["From"], message["To"], message["Subject"] = self._sender, address, " ".join(subject.split())
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{key}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body.rstrip() + "\n")
        return message.as_bytes()

    def _ready(self) -> smtplib.SMTP:
        """The connection, looked at whether it still holds; a new one otherwise. Raises Away."""
        if self._session is not None:
            with suppress(OSError):
                if self._session.rset()[0] == 250:
                    return self._session
            self.close()
        try:
            self._session = self._connect()
        except OSError:
            raise Away(Problem.NO_CONNECTION) from None
        return self._session

    def _connect(self) -> smtplib.SMTP:
        server, own = self._server, self._sender.domain
        safe = ssl.create_default_context()
        if server.is_secure:
            session: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, own, timeout=PATIENCE, context=safe)
        else:
            session = smtplib.SMTP(server.host, server.port, own, timeout=PATIENCE)
        try:
            session.ehlo_or_helo_if_needed()
            if not server.is_secure and not server.is_here and session.has_extn("starttls"):
                session.starttls(context=safe)
                session.ehlo()
            self._sign_in(session)
        except BaseException:
            session.close()
            raise
        return session

    def _sign_in(self, session: smtplib.SMTP) -> None:
        """The password goes over an encrypted line, or nowhere."""
        server = self._server
        if not server.user:
            return
        if not (server.is_here or isinstance(session.sock, ssl.SSLSocket)):
            raise Away(Problem.NOT_LET_IN)
        try:
            session.login(server.user, server.password)
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPException as refused:
            raise Away(Problem.NOT_LET_IN, getattr(refused, "smtp_code", None)) from None

    def _introduce(self, session: smtplib.SMTP) -> None:
        """What it says to our own address holds for every message."""
        code = session.mail(self._sender.addr_spec)[0]
        if not 200 <= code < 300:
            self.close()
            raise Away(Problem.NOT_LET_IN, code)

    def _ask(self, code: int, _said: bytes = b"", *, good: int = 250) -> None:
        """Raises what the server's answer means, when it is no yes."""
        if code == CLOSING:
            self.close()
            raise Away(Problem.NOT_NOW, code)
        if code // 100 == good // 100:
            return
        if code // 100 == 4:
            raise NotNow(Problem.NOT_NOW, code)
        if code // 100 == 5:
            raise Rejected(Problem.REJECTED, code)
        self.close()
        raise Away(Problem.NO_CONNECTION, code)
