"""What is trusted in somebody's settings."""

from __future__ import annotations

import shlex

from blockloom.settings import Settings, read_settings
from blockloom.trust import TRUST_COMMAND, TrustBook


def trust_book(settings: Settings) -> TrustBook:
    """What is trusted in these settings, and how the user says so."""
    is_usual = settings.trust == read_settings().trust
    option = "" if is_usual else f" --data {shlex.quote(str(settings.data))}"
    return TrustBook(settings.trust, TRUST_COMMAND + option)
