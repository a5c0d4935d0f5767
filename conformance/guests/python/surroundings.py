"""The instance's own state, and what it gets of its surroundings."""

import random
import secrets
import sys
import time
import uuid

from answers import Route, parameters, text
from isospin import Request, Response

counted = 0


def counter(_request: Request, _: str) -> Response:
    global counted
    counted += 1
    return text(f"{counted}\n")


def clock(_request: Request, _: str) -> Response:
    return text(f"wall {time.time_ns() // 1_000_000}\nmonotonic {time.monotonic_ns()}\n")


def randomness(request: Request, _: str) -> Response:
    # Hashes have 32 bits. What start-up has hashed keeps its hash: these are texts of the request.
    hashes = (hash(f"{request.path} {number}") & 0xFFFFFFFF for number in range(2))
    return text(
        f"secure {secrets.token_hex(16)}\n"
        f"random {random.randbytes(8).hex()}\n"
        f"uuid4 {uuid.uuid4().hex[:12]}{uuid.uuid4().hex[:4]}\n"
        f"SystemRandom {random.SystemRandom().getrandbits(64):016x}\n"
        f"hash {''.join(f'{half:08x}' for half in hashes)}\n"
    )


def log(request: Request, _: str) -> Response:
    print(*parameters(request, "message"), file=sys.stderr)
    return text("logged\n")


ROUTES: dict[str, Route] = {"counter": counter, "clock": clock, "random": randomness, "log": log}
