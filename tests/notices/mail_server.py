"""A small mail server that speaks SMTP over a real socket, and does what the name before the @ tells it to."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

USER, PASSWORD = "desk", "open sesame:@/"


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on this machine until it is closed. taken: the messages that it said yes to, or died over.

    Names that tell it something: later (451 to the recipient), never (550), spam (554 to the text), full (452 to the
    text), dies (takes the text, and is gone without an answer), early (is gone before the text), slow (takes its time).
    then: what is done when a text is there, before the answer.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(
        self, *, context: ssl.SSLContext | None = None, later: ssl.SSLContext | None = None, wants_sign_in: bool = False
    ) -> None:
        """context: it is encrypted from the first byte on; later: it offers to be."""
        super().__init__(("127.0.0.1", 0), _Talk)
        self.context, self.later, self.wants_sign_in = context, later, wants_sign_in
        self.taken: list[EmailMessage] = []
        self.heard: list[str] = []
        self.is_closed_to_senders = False
        self.connections = 0
        self.slow = threading.Event()
        self.then: Callable[[], object] = lambda: None
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"{'smtps' if self.context else 'smtp'}://127.0.0.1:{self.server_address[1]}"

    def get_request(self) -> Any:
        sock, address = super().get_request()
        return (self.context.wrap_socket(sock, server_side=True) if self.context else sock), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up is no error of the test."""

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.taken if message["To"] == address]

    def close(self) -> None:
        self.slow.set()
        self.shutdown()
        self.server_close()


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    server: MailServer

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.server.connections += 1
        self.local = ""
        self.say("220 mail.test ready")
        while line := self.rfile.readline():
            text = line.decode().rstrip("\r\n")
            self.server.heard.append(text)
            word = text.split(" ")[0].split(":")[0].upper()
            if getattr(self, f"on_{word.lower()}", self.on_other)(text) == "end":
                return

    def on_other(self, _text: str) -> None:
        self.say("500 what?")

    def on_ehlo(self, _text: str) -> None:
        self.say("250-mail.test")
        if self.server.later:
            self.say("250-STARTTLS")
        self.say("250 AUTH PLAIN")

    def on_starttls(self, _text: str) -> None:
        assert self.server.later is not None
        self.say("220 go on")
        self.request = self.server.later.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", buffering=0)

    def on_auth(self, text: str) -> None:
        told = base64.b64decode(text.split(" ")[2]).decode()
        self.say("235 welcome" if told == f"\0{USER}\0{PASSWORD}" else "535 5.7.8 no such user or password")

    def on_rset(self, _text: str) -> None:
        self.say("250 forgotten")

    def on_mail(self, _text: str) -> None:
        is_signed_in = any(line.startswith("AUTH") for line in self.server.heard)
        closed = self.server.is_closed_to_senders or (self.server.wants_sign_in and not is_signed_in)
        self.say("530 5.7.0 sign in first" if closed else "250 go on")

    def on_rcpt(self, text: str) -> None:
        self.local = text.partition("<")[2].partition("@")[0].partition("-")[0]
        self.say({"later": "451 not now", "never": "550 5.1.1 nobody of that name"}.get(self.local, "250 go on"))

    def on_data(self, _text: str) -> str | None:
        if self.local == "early":
            return "end"
        self.say("354 tell me")
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line.removeprefix(b"."))
        if self.local in ("spam", "full"):
            self.say({"spam": "554 5.7.1 I do not like it", "full": "452 no room"}[self.local])
            return None
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.taken.append(message)  # type: ignore[arg-type]
        if self.local == "dies":
            return "end"
        if self.local == "slow":
            self.server.slow.wait(20)
        self.server.then()
        self.say("250 taken")
        return None

    def on_quit(self, _text: str) -> str:
        self.say("221 bye")
        return "end"
