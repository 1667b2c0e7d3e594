"""Opening the editor in a browser, where there is one to open."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Mapping


def has_browser(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a browser has a display to appear on; one that was chosen by name always has."""
    if platform in ("darwin", "win32"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def open_browser(url: str) -> None:
    """Open a page; some browsers come back only when they are closed, so nobody waits for them."""
    threading.Thread(target=webbrowser.open, args=(url,), name="browser", daemon=True).start()
