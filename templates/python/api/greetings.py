"""What is greeted, and how often."""

MOST = 10


class Invalid(ValueError):
    """A wish that cannot be fulfilled."""


def greeting(name: str) -> str:
    return f"Hello, {name}!"


def greetings(wish: object) -> list[str]:
    """The greetings that were wished for, as `{"name": "Ada", "times": 2}`."""
    if not isinstance(wish, dict):
        raise Invalid("an object is wanted")
    name, times = wish.get("name"), wish.get("times")
    if not isinstance(name, str) or not name:
        raise Invalid("name: must not be empty")
    if type(times) is not int or not 1 <= times <= MOST:
        raise Invalid(f"times: must be from 1 to {MOST}")
    return [greeting(name)] * times
