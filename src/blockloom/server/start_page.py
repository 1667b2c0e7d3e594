"""The page at ``/``: says that the server is up, and where its interfaces are."""

from __future__ import annotations

from aiohttp import web

from blockloom import __version__

_PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Blockloom</title>
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto;
         padding: 0 1rem; color-scheme: light dark; }}
  code {{ font-size: 0.95em; }}
</style>
<h1>Blockloom {__version__}</h1>
<p>The server is up and takes graphs. A visual editor is not part of this version.</p>
<ul>
  <li>Graphs are posted to <code>/prompt</code>; clients made for ComfyUI's interface work as they
      are, over <code>/api</code> and <code>/ws</code> as well.</li>
  <li><a href="/queue">What runs and waits</a>, <a href="/history?max_items=20">what ran</a></li>
  <li><a href="/object_info">All node types</a>, <a href="/system_stats">this machine</a></li>
</ul>
</html>
"""


async def get_page(request: web.Request) -> web.Response:
    """The start page."""
    return web.Response(text=_PAGE, content_type="text/html", headers={"Cache-Control": "no-cache"})


def add_routes(routes: list[web.RouteDef]) -> None:
    """``GET /``."""
    routes.append(web.get("/", get_page))
