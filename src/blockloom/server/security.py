"""Who may talk to the server: names it is called by, origins, other sites, and the token."""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from blockloom.server.failures import Handler, error_response
from blockloom.server.keys import CONFIG, Access
from blockloom.server.token_page import token_page, wants_page

COOKIE = "blockloom_token"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_READS = frozenset({"GET", "HEAD"})
_CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "style-src 'self' 'unsafe-inline'; script-src 'self'; worker-src 'self' blob:; "
    "connect-src 'self'; font-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal: every answer carries the security headers, unless it set one itself."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


@web.middleware
async def security_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what no client of ours sends, before anything else looks at the request."""
    access = request.app[CONFIG].access
    refusal = refusal_of(request, access)
    if refusal:
        return error_response(403, "forbidden", refusal)
    if not access.token:
        return await handler(request)
    return await _with_token(request, access, handler)


def refusal_of(request: web.BaseRequest, access: Access) -> str:
    """Why a request is refused, or "" where its names and origins are in order."""
    host = host_name(request.headers.get(hdrs.HOST, ""))
    if not _is_our_name(host, access):
        return "This server does not go by that host name. Start it with --allow-host to add one."
    origins = request.headers.getall(hdrs.ORIGIN, [])
    if any(not _is_our_origin(origin, request, access) for origin in origins):
        return "Pages of other origins may not use this server."
    site = request.headers.get("Sec-Fetch-Site", "same-origin").lower()
    writes = request.method not in _READS or _is_upgrade(request)
    if writes and not origins and site not in ("same-origin", "none"):
        return "Pages of other sites may not use this server."
    if writes and site == "cross-site" and not _all_allowed(origins, access):
        return "Pages of other sites may not use this server."
    return ""


def host_name(host: str) -> str:
    """The name in a Host header, without port, "" where it is none."""
    try:
        found = urlsplit(f"//{host}")
        port = found.port
    except ValueError:
        return ""
    if found.path or found.query or found.fragment or found.username is not None or port == 0:
        return ""
    return (found.hostname or "").rstrip(".")


def _is_our_name(name: str, access: Access) -> bool:
    if name in _LOOPBACK or (name and name in access.hosts):
        return True
    return access.is_exposed and _is_address(name)


def _is_address(name: str) -> bool:
    """Whether a name is an address: no foreign name server stands behind that."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_our_origin(origin: str, request: web.BaseRequest, access: Access) -> bool:
    if origin in access.origins:
        return True
    parts = origin.split("://", 1)
    if len(parts) != 2 or parts[0] not in ("http", "https"):
        return False
    return parts[1].lower() == request.headers.get(hdrs.HOST, "").lower()


def _all_allowed(origins: list[str], access: Access) -> bool:
    return bool(origins) and all(origin in access.origins for origin in origins)


def _is_upgrade(request: web.BaseRequest) -> bool:
    return request.headers.get(hdrs.UPGRADE, "").lower() == "websocket"


async def _with_token(request: web.Request, access: Access, handler: Handler) -> web.StreamResponse:
    """Let in who brings the token: in a header, in the cookie, or once in the address."""
    if _brings_token(request, access.token):
        return await handler(request)
    given = request.query.get("token", "")
    if not (given and _is_same(given, access.token)):
        if wants_page(request):
            return token_page(request)
        response = error_response(
            401,
            "unauthorized",
            "This server wants its token.",
            remedy="Open the address it printed at its start, or send the header "
            '"Authorization: Bearer TOKEN".',
        )
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if _is_upgrade(request) or request.method not in _READS:
        return await handler(request)
    if wants_page(request):
        kept = request.rel_url.without_query_params("token")
        # Never a path that a browser could take for another host.
        target = f"/{str(kept).lstrip('/')}"
        response_html = web.Response(status=303, headers={"Location": target})
        _set_cookie(response_html, access)
        return response_html
    response_plain = await handler(request)
    if not response_plain.prepared:
        _set_cookie(response_plain, access)
    return response_plain


def _brings_token(request: web.Request, token: str) -> bool:
    scheme, _, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() == "bearer" and _is_same(given.strip(), token):
        return True
    return _is_same(request.cookies.get(COOKIE, ""), token)


def _is_same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def _set_cookie(response: web.StreamResponse, access: Access) -> None:
    response.set_cookie(
        COOKIE,
        access.token,
        httponly=True,
        samesite="Strict",
        secure=access.is_secure,
        max_age=30 * 24 * 3600,
        path="/",
    )
