"""A real server and a real browser: what a person would see and do.

``BLOCKLOOM_EDITOR`` names another build of the editor to look at, ``BLOCKLOOM_BROWSER`` another
browser.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from e2e.pages import wait_until_drawn
from server.server_process import Process, server_in

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
# A picture takes seconds, on a machine that does other things besides.
PATIENCE = 120_000

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """``blockloom serve`` with the built-in model, in a process of its own."""
    with server_in(tmp_path_factory.mktemp("editor")) as found:
        found.start()
        yield found


def browser_path() -> str:
    """The browser of this machine; ``BLOCKLOOM_BROWSER`` names another one."""
    named = os.environ.get("BLOCKLOOM_BROWSER", "")
    found = next((path for name in (named, *CHROMIUM) if name and (path := shutil.which(name))), "")
    assert found, "The browser tests need Chromium: install it, or set BLOCKLOOM_BROWSER to it."
    return found


expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ended with its module: Playwright keeps an event loop running in this thread until then."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=[*ARGUMENTS])
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, server: Process) -> Iterator[NewPage]:
    """Opens a page of the editor as a visitor who has been here before; options of a context.

    The graph is there and in its place by then. The page must not have reported an error by the
    end of the test.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(path: str = "/", *, is_first_visit: bool = False, **options: object) -> Page:
        settings = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US", **options}
        context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}", **settings)
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        # From the start: told only when a file is about to be chosen, a busy page has taken the
        # key before it learns that the choice is ours, and lets the browser ask.
        page.on("filechooser", lambda _: None)
        if not is_first_visit:
            page.add_init_script("localStorage.setItem('blockloom.tour', 'done')")
        page.goto(path)
        wait_until_drawn(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """The editor with the demo graph, in English, 1440 x 900."""
    return new_page()


@pytest.fixture
def pictures_folder() -> Path:
    """Where screenshots go for whoever wants to look at them; ``BLOCKLOOM_SHOTS`` names it."""
    folder = Path(os.environ.get("BLOCKLOOM_SHOTS", "") or "build/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
