"""The variables that the app's manifest gives."""

from __future__ import annotations

import _isospin


def variables() -> dict[str, str]:
    """All of them; none for a component that asks for none."""
    flat = _isospin.environment() or []
    return dict(zip(flat[::2], flat[1::2]))
