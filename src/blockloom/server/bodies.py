"""JSON in and out: read whatever its content type, written so that everybody can read it."""

from __future__ import annotations

import asyncio
import json

from aiohttp import hdrs, web

from blockloom.errors import UsageError
from blockloom.execution.collector import paused_collector
from blockloom.graph.json_value import MAX_DEPTH, parse_json
from blockloom.graph.model import Json
from blockloom.jobs.total_json import dump_total
from blockloom.server.keys import CROWD

JsonObject = dict[str, Json]

# Parsing is one long call that nothing else gets in between of: this many values take a moment.
MAX_VALUES = 750_000
_LARGE = 32 * 1024


async def read_json(request: web.Request) -> Json:
    """The body as JSON; None where it is empty. Raises UsageError for anything else."""
    data = await request.app[CROWD].body(request)
    return await _parsed(data) if data.strip() else None


async def read_object(request: web.Request) -> JsonObject:
    """The body as a JSON object, empty where the body is; values checked to be plain JSON."""
    return await object_in(await request.app[CROWD].body(request))


async def object_in(data: bytes) -> JsonObject:
    """As :func:`read_object`, of a body that was read."""
    found = await _parsed(data) if data.strip() else {}
    if not isinstance(found, dict):
        raise UsageError("The request's body has to be a JSON object.")
    return found


def is_large(request: web.Request) -> bool:
    """Whether a body may be so large that it had better be looked at beside what else goes on."""
    is_packed = hdrs.CONTENT_ENCODING in request.headers
    return is_packed or request.content_length is None or request.content_length > _LARGE


async def _parsed(data: bytes) -> Json:
    return await asyncio.to_thread(parse_body, data) if len(data) > _LARGE else parse_body(data)


def parse_body(data: bytes) -> Json:
    """Parse a body; raises UsageError with the place where it stops being JSON."""
    if sum(map(data.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise UsageError(f"The request's body holds more than {MAX_VALUES} values.")
    try:
        with paused_collector():
            found = parse_json(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(f"The request's body is not UTF-8 text (byte {error.start}).") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UsageError(f"The request's body is no valid JSON: {error.msg} ({where}).") from error
    except RecursionError as error:
        raise _too_deep() from error
    _check_depth(found)
    return found


def _check_depth(value: Json) -> None:
    """Refuse what is nested deeper than a graph may be; level by level, so nothing recurses."""
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH + 8):
        level = [
            item
            for container in level
            if isinstance(container, (list, dict))
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, (list, dict))
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> UsageError:
    return UsageError(f"The request's body is nested more than {MAX_DEPTH} deep.")


def to_text(value: object) -> str:
    """Compact JSON that every parser reads, whatever the value."""
    return dump_total(value).decode("ascii")


def json_response(value: object, *, status: int = 200) -> web.Response:
    """An answer in JSON."""
    return web.Response(
        body=to_text(value).encode(),
        status=status,
        content_type="application/json",
        charset="utf-8",
    )
