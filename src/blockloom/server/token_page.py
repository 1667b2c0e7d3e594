"""The page that asks for the token, for who opens the editor without it."""

from __future__ import annotations

import html

from aiohttp import hdrs, web

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Blockloom</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 28rem; margin: 18vh auto; padding: 0 1rem;
         color-scheme: light dark; }
  form { display: flex; gap: 0.5rem; }
  input { flex: 1; min-width: 0; }
  input, button { font: inherit; padding: 0.4rem 0.7rem; }
</style>
<h1>Blockloom</h1>
<p>This server wants its token. It is in the address that the server printed when it started.
Work that is not saved yet is still in this browser.</p>
<form method="get">
HIDDEN
  <input name="token" type="password" aria-label="Token" placeholder="Token" autofocus required>
  <button>Open</button>
</form>
</html>
"""


def wants_page(request: web.Request) -> bool:
    """Whether somebody looks at this in a browser, rather than a program."""
    return request.method == "GET" and "text/html" in request.headers.get(hdrs.ACCEPT, "")


def token_page(request: web.Request) -> web.Response:
    """401, with a field for the token; the address it was asked from is opened with it."""
    hidden = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in request.query.items()
        if name != "token"
    )
    page = _PAGE.replace("HIDDEN", hidden)
    headers = {"Cache-Control": "no-store", "WWW-Authenticate": "Bearer"}
    return web.Response(status=401, text=page, content_type="text/html", headers=headers)
