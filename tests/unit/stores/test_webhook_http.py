"""One POST to a server that may be hostile."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.model.webhooks import Target
from chalicelib.stores.interfaces import WebhookResponse
from chalicelib.stores.webhook_http import ANSWER_BYTES, HttpWebhookTransport
from tests.receivers import Receiver

BODY = b'{"a": 1}'
HOST = "hooks.example.com"


def post(
    posting: HttpWebhookTransport, port: int, *, host: str = HOST, scheme: str = "http", within_s: float = 5
) -> WebhookResponse:
    return posting.post(Target(scheme, host, port, "/hook?x=1"), {"X-One": "1"}, BODY, within_s=within_s)


def resolving(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda _host, _port: list(addresses)


def to_loopback() -> HttpWebhookTransport:
    return HttpWebhookTransport(allows_local=True, resolve=resolving("127.0.0.1"))


@contextmanager
def server(answer: Callable[[socket.socket], object]) -> Iterator[int]:
    """Takes connections until nobody wants its port any more, and treats each as it is told."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
                with connection:
                    answer(connection)
            except OSError:
                if listening.fileno() == -1:
                    return

    Thread(target=serve, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()


def hear(connection: socket.socket) -> None:
    """The whole request: a server that closes before resets the line."""
    heard = b""
    while not heard.endswith(BODY):
        heard += connection.recv(65536)


def test_the_receiver_is_told_in_the_name_of_the_host() -> None:
    with Receiver() as receiver:
        port = int(receiver.url.split(":")[2].split("/")[0])

        posted = post(to_loopback(), port)

        heard = receiver.heard.get_nowait()
    assert posted[:3] == (200, None, "said 200")
    assert (heard.path, heard.body, heard.headers["x-one"]) == ("/hook?x=1", BODY, "1")
    assert heard.headers["host"] == f"{HOST}:{port}"


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    with Receiver() as receiver:
        receiver.answers = [307]
        port = int(receiver.url.split(":")[2].split("/")[0])

        assert post(to_loopback(), port).status_code == 307

        assert receiver.heard.qsize() == 1


@pytest.mark.parametrize(
    "addresses",
    [(), ("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("169.254.169.254",), ("::1",), ("::ffff:8.8.8.8",)],
)
def test_a_name_with_any_address_inside_is_not_called(addresses: tuple[str, ...]) -> None:
    reached: list[object] = []
    with server(reached.append) as port:
        posted = post(HttpWebhookTransport(resolve=resolving(*addresses)), port)

    assert posted[:2] == (None, "the host has an address that must not be called")
    assert reached == []


def test_a_name_is_looked_up_once() -> None:
    """What it means a moment later is nobody's business."""
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    with Receiver() as receiver:
        port = int(receiver.url.split(":")[2].split("/")[0])

        posted = post(HttpWebhookTransport(allows_local=True, resolve=rebinding), port)

    assert (posted.status_code, asked) == (200, [HOST])


def test_where_one_address_is_dead_the_next_is_tried() -> None:
    with Receiver() as receiver:
        port = int(receiver.url.split(":")[2].split("/")[0])
        posting = HttpWebhookTransport(allows_local=True, resolve=resolving("127.0.0.2", "127.0.0.1"))

        assert post(posting, port).status_code == 200


def test_a_name_that_is_none_is_told_so() -> None:
    def failing(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    posted = post(HttpWebhookTransport(resolve=failing), 443)

    assert (posted.status_code, posted.error) == (None, "the name of the host is not known")


def test_little_of_an_endless_answer_is_read() -> None:
    def endless(connection: socket.socket) -> None:
        hear(connection)
        connection.sendall(b"HTTP/1.1 500 Oh\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with server(endless) as port:
        posted = post(to_loopback(), port)

    assert (posted.status_code, posted.response) == (500, "x" * ANSWER_BYTES)


@pytest.mark.parametrize("drops", [b"", b"H", b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=["silent", "status", "header"])
def test_the_line_is_cut_however_slowly_somebody_speaks(drops: bytes) -> None:
    def dripping(connection: socket.socket) -> None:
        hear(connection)
        connection.sendall(drops)
        while drops:
            connection.sendall(b"x")
            time.sleep(0.05)
        time.sleep(3)

    with server(dripping) as port:
        posted = post(to_loopback(), port, within_s=0.4)

    assert (posted.status_code, posted.error) == (None, "no answer within 0.4 s")


class Silent:
    """Says nothing for as long as it is not over; `was_waited_for` where that took too long."""

    def __init__(self) -> None:
        self.over = Event()
        self.was_waited_for = False

    def __call__(self, *_: object) -> list[str]:
        self.was_waited_for = not self.over.wait(5)
        return ["127.0.0.1"]


def test_the_look_up_of_the_name_counts() -> None:
    silent = Silent()

    posted = post(HttpWebhookTransport(allows_local=True, resolve=silent), 443, within_s=0.2)
    silent.over.set()

    assert (posted.status_code, posted.error) == (None, "no answer within 0.2 s")
    assert posted.duration_ms >= 200
    assert not silent.was_waited_for


def test_a_receiver_that_never_ends_its_handshake_is_cut_off() -> None:
    silent = Silent()
    with server(silent) as port:
        posted = post(to_loopback(), port, scheme="https", within_s=0.2)
        silent.over.set()

    assert (posted.status_code, posted.error) == (None, "no answer within 0.2 s")
    assert not silent.was_waited_for


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\n" + b"X-Long: %s\r\n" % (b"x" * 60_000) * 20 + b"\r\n", b"HTTP/1.1 100 Oh\r\n\r\n" * 9_000],
    ids=["headers", "interim answers"],
)
def test_an_answer_that_does_not_come_to_its_body_is_too_long(head: bytes) -> None:
    def talkative(connection: socket.socket) -> None:
        hear(connection)
        connection.sendall(head + b"HTTP/1.1 200 OK\r\n\r\nok")

    with server(talkative) as port:
        posted = post(to_loopback(), port)

    assert posted[:2] == (None, "the head of the answer is too long")


def test_nonsense_is_no_answer() -> None:
    def babbling(connection: socket.socket) -> None:
        hear(connection)
        connection.sendall(b"\x00\xff nonsense\r\n\r\n")

    with server(babbling) as port:
        posted = post(to_loopback(), port)

    assert posted.status_code is None
    assert (posted.error or "").startswith("the answer is not HTTP: BadStatusLine(")


def test_a_receiver_that_hangs_up_is_told_so() -> None:
    with server(hear) as port:
        posted = post(to_loopback(), port)

    assert posted[:2] == (None, "the connection was closed before there was an answer")


def test_one_that_speaks_no_tls_is_told_so() -> None:
    with server(lambda connection: connection.sendall(b"220 mail.example.com ready\r\n" * 9)) as port:
        posted = post(to_loopback(), port, scheme="https")

    assert posted[:2] == (None, "no TLS connection could be made: WRONG_VERSION_NUMBER")


def test_a_closed_port_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]

    assert post(to_loopback(), port)[:2] == (None, "the connection was refused")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the host, signed by itself; key and certificate in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "host.pem"
    path.write_bytes(private + made.public_bytes(pem))
    return path


@contextmanager
def tls_server(certificate: Path, names: list[str | None]) -> Iterator[int]:
    """Answers 204, and notes which host each caller wants (SNI)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: names.append(name)

    def answer(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as spoken:
            hear(spoken)
            spoken.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with server(answer) as port:
        yield port


def test_the_certificate_is_that_of_the_host_not_of_the_address(certificate: Path) -> None:
    names: list[str | None] = []
    trust = ssl.create_default_context(cafile=str(certificate))
    posting = HttpWebhookTransport(allows_local=True, resolve=resolving("127.0.0.1"), make_context=lambda: trust)

    with tls_server(certificate, names) as port:
        ours = post(posting, port, scheme="https")
        others = post(posting, port, scheme="https", host="other.example.com")

    assert ours.error is None
    assert (ours.status_code, names) == (204, [HOST, "other.example.com"])
    assert others.status_code is None
    assert (others.error or "").startswith("the certificate of the host is not trusted: Hostname mismatch")


def test_an_untrusted_certificate_is_refused(certificate: Path) -> None:
    with tls_server(certificate, []) as port:
        posted = post(to_loopback(), port, scheme="https")

    assert posted.status_code is None
    assert posted.error == "the certificate of the host is not trusted: self-signed certificate"
