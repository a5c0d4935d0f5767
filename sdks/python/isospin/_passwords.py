"""`hashlib.pbkdf2_hmac` and `hashlib.scrypt`, which the interpreter has of OpenSSL elsewhere."""

from __future__ import annotations

import _isospin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Names and bytes of the digests, in the order of `passwords.zig`.
DIGESTS = {"md5": 16, "sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64}

# What OpenSSL takes for scrypt unless it is told otherwise.
MEMORY = 32 << 20


def pbkdf2_hmac(hash_name: str, password: Any, salt: Any, iterations: int, dklen: int | None = None) -> bytes:
    name = hash_name.lower().replace("-", "")
    if name not in DIGESTS:
        raise ValueError(f"unsupported hash type {hash_name}")
    size = DIGESTS[name] if dklen is None else dklen
    _check_range("iteration value", iterations)
    _check_range("key length", size)
    return _isospin.pbkdf2(list(DIGESTS).index(name), _bytes(password), _bytes(salt), iterations, size)


def scrypt(password: Any, *, salt: Any, n: int, r: int, p: int, maxmem: int = 0, dklen: int = 64) -> bytes:
    if n < 2 or n & (n - 1):
        raise ValueError("n must be a power of 2.")
    for what, value in (("r", r), ("p", p), ("dklen", dklen)):
        _check_range(what, value)
    if maxmem < 0:
        raise ValueError("maxmem must not be negative")
    # As OpenSSL counts.
    memory = 128 * r * (n + p + 2)
    if memory > (maxmem or MEMORY):
        raise ValueError("Invalid parameter combination for n, r, p, maxmem: the memory limit is exceeded")
    # The places in it begin at multiples of 16.
    return _isospin.scrypt(_bytes(password), _bytes(salt), n.bit_length() - 1, r, p, memory + 64, dklen)


def _check_range(what: str, value: int) -> None:
    if value < 1:
        raise ValueError(f"{what} must be greater than 0.")
    if value > 0x7FFF_FFFF:
        raise OverflowError(f"{what} is too great.")


def _bytes(value: Any) -> bytes:
    """Of what has a buffer; text has none."""
    return memoryview(value).tobytes()
