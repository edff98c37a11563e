"""How mail goes over the line: encrypted where that can be, certificates checked, a password never in the clear."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.core.mail import mail_server, plain_address, sender
from app.notices.models import DeliveryState, Problem
from tests.notices.conftest import NOTHING, delivery, send, tell
from tests.notices.mail_server import PASSWORD, USER, MailServer

ELSEWHERE = "0.0.0.0"  # noqa: S104 - leads to this machine, but nothing tells so
QUOTED = "open%20sesame%3A%40%2F"


@pytest.fixture
def certificate(tmp_path) -> str:
    """The path of a certificate with its key, for this machine by both of its addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    addresses = [x509.IPAddress(ip_address(each)) for each in ("127.0.0.1", ELSEWHERE)]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "mail.pem"
    path.write_bytes(plain + made.public_bytes(serialization.Encoding.PEM))
    return str(path)


@pytest.fixture
def context(certificate) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


@pytest.fixture
def trusted(certificate, monkeypatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate)


@pytest.fixture
def serve(app, monkeypatch) -> Iterator[object]:
    """Call it with what a mail server is like, and the host and scheme that it is asked by."""
    started: list[MailServer] = []

    def start(host: str = "127.0.0.1", signed_in: bool = False, **given: object) -> MailServer:
        server = MailServer(**given)
        started.append(server)
        url = server.url.replace("127.0.0.1", host)
        monkeypatch.setitem(app.config, "MAIL_URL", url.replace("//", f"//{USER}:{QUOTED}@") if signed_in else url)
        return server

    yield start
    for server in started:
        server.close()


def test_mail_goes_over_an_encrypted_line(serve, context, trusted, new_customer):
    server = serve(context=context, signed_in=True, wants_sign_in=True)
    tell(new_customer())
    assert send() == NOTHING | {"sent": 1}
    assert len(server.taken) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_believed(serve, context, new_customer):
    server = serve(context=context)
    number = tell(new_customer())
    assert send() == NOTHING | {"waiting": 1}
    assert (delivery(number).state, delivery(number).problem) == (DeliveryState.WAITING, Problem.NO_CONNECTION)
    assert server.taken == []


def test_a_line_is_encrypted_as_soon_as_that_is_offered(serve, context, trusted, new_customer):
    server = serve(ELSEWHERE, later=context, signed_in=True, wants_sign_in=True)
    tell(new_customer())
    assert send() == NOTHING | {"sent": 1}
    assert [line.split(" ")[0] for line in server.heard[:4]] == ["ehlo", "STARTTLS", "ehlo", "AUTH"]


def test_a_password_never_goes_over_a_line_that_others_may_hear(serve, new_customer):
    server = serve(ELSEWHERE, signed_in=True, wants_sign_in=True)
    number = tell(new_customer())
    assert send() == NOTHING | {"waiting": 1}
    assert delivery(number).problem is Problem.NOT_LET_IN
    assert not any(line.startswith("AUTH") for line in server.heard)


@pytest.mark.parametrize(
    "url",
    [
        "mail.test", "http://mail.test:25", "smtp://", "smtp://mail.test:none", "smtp://mail.test:99999", "smtp://a@mail.test",
        "smtp://mail.test/box", "smtp://mail.test?x=1", "smtp://[mail.test", "smtps://:secret@mail.test",
    ],
)  # fmt: skip
def test_what_is_no_mail_server(url):
    with pytest.raises(ValueError, match="no mail server"):
        mail_server(url)


def test_a_mail_server_does_not_tell_its_password():
    server = mail_server(f"smtp://{USER}:{QUOTED}@mail.test")
    assert (server.port, server.user, server.password, server.is_here) == (587, USER, PASSWORD, False)
    assert mail_server("smtps://mail.test").port == 465
    assert PASSWORD not in repr(server)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("a@b.cn", "a@b.cn"), (" first.last+x@shop.example ", "first.last+x@shop.example"),
        ("lin@例子.cn", "lin@xn--fsqu00a.cn"),
        ("林@b.cn", None), ("", None), (None, None), ("a", None), ("a@", None), ("@b.cn", None), ("a@b@c.cn", None),
        ("a b@c.cn", None), ("a@b.cn\r\nRCPT TO:<x@y.cn>", None), ("a@b..cn", None),
        (".a@b.cn", None), ("a@b.cn>", None),
    ],
)  # fmt: skip
def test_an_address_is_one_or_none(typed, plain):
    assert plain_address(typed) == plain


def test_who_writes_may_have_a_name():
    assert str(sender("The desk <desk@shop.test>")) == "The desk <desk@shop.test>"
    assert str(sender("desk@shop.test")) == "desk@shop.test"
    for wrong in ("", "The desk", "The desk <>", "a\nBcc: b@c.cn <desk@shop.test>"):
        with pytest.raises(ValueError, match="no sender"):
            sender(wrong)
