"""What the standard library imports late, and what a component does not have."""

import email.message
import hashlib
import importlib
import socket
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from isospin import Request, Response


def parse() -> str:
    return str(datetime.strptime("2026-01-02", "%Y-%m-%d").date())


def zone() -> str:
    return datetime(2026, 7, 1, tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin")).isoformat()


def mail() -> str:
    message = email.message.EmailMessage()
    message["Subject"] = "subject"
    message.set_content("text")
    return message.as_bytes().decode().splitlines()[0]


def named() -> str:
    return importlib.import_module("wave").__name__


def unnamed() -> str:
    return importlib.import_module("way" + "ward").__name__


def read() -> str:
    return Path(__file__).with_name("words.txt").read_text()


def spool() -> str:
    """Where frameworks put uploads; what is larger goes to a temporary file."""
    with tempfile.SpooledTemporaryFile(max_size=10) as file:
        file.write(b"x" * 100)
        file.seek(0)
        return str(len(file.read()))


def connect() -> str:
    return str(socket.create_connection(("127.0.0.1", 80)))


def bind() -> str:
    return str(socket.socket())


def pbkdf2() -> str:
    """RFC 6070 and RFC 7914, where they have the same for SHA-1 and SHA-256."""
    one = hashlib.pbkdf2_hmac("sha1", b"password", b"salt", 4096)
    other = hashlib.pbkdf2_hmac("SHA-256", b"passwd", b"salt", 1, dklen=64)
    return f"{one.hex()[:16]} {other.hex()[-16:]}"


def scrypt() -> str:
    """RFC 7914."""
    return hashlib.scrypt(b"password", salt=b"NaCl", n=1024, r=8, p=16, dklen=64).hex()[:16]


def weak() -> str:
    try:
        return str(hashlib.scrypt(b"password", salt=b"NaCl", n=1 << 20, r=8, p=1))
    except ValueError as error:
        return str(error)


FUNCTIONS = (parse, zone, mail, named, unnamed, read, spool, connect, bind, pbkdf2, scrypt, weak)
CALLS = {call.__name__: call for call in FUNCTIONS}


async def handle(request: Request) -> Response:
    try:
        return Response(CALLS[request.path.removeprefix("/")]())
    except (ImportError, OSError) as error:
        return Response(f"{type(error).__name__}: {error}")
