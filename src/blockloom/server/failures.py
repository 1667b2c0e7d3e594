"""The one shape of errors over HTTP, and the middleware that puts every error into it.

{"error": {"type", "message", "details", "remedy", "problems"?}}
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable

from aiohttp import web

from blockloom.errors import (
    BlockloomError,
    GraphError,
    NotFoundError,
    StorageError,
    is_disk_trouble,
    storage_error,
)
from blockloom.graph.check_json import problem_json
from blockloom.graph.model import Json
from blockloom.server.bodies import json_response

_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def error_response(
    status: int, kind: str, message: str, *, remedy: str = "", details: str = ""
) -> web.Response:
    """An error as clients get it."""
    error = {"type": kind, "message": message, "details": details, "remedy": remedy}
    return json_response({"error": error}, status=status)


def failure_response(error: BlockloomError) -> web.Response:
    """An error of ours as clients get it; developers' details stay in the log."""
    if isinstance(error, GraphError):
        problems: list[Json] = [problem_json(problem) for problem in error.problems[:1000]]
        message = "\n".join(str(problem) for problem in error.problems[:20])
        found = {"type": "graph", "message": message, "details": "", "remedy": ""}
        return json_response({"error": {**found, "problems": problems}}, status=400)
    if isinstance(error, StorageError):
        return error_response(507, "storage", error.message, remedy=error.remedy)
    is_missing = isinstance(error, NotFoundError)
    kind = "not_found" if is_missing else "bad_request"
    return error_response(404 if is_missing else 400, kind, error.message, remedy=error.remedy)


@web.middleware
async def failures_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error in the one shape; what nobody expected gets a number, and is logged."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400 or error.content_type == "application/json":
            raise
        return _http_error(request, error)
    except BlockloomError as error:
        return failure_response(error)
    except TimeoutError:
        return _closing(error_response(408, "timeout", "The request did not arrive in time."))
    except asyncio.CancelledError:
        raise
    except web.RequestPayloadError:
        message = "The request's body cannot be unpacked."
        return _closing(error_response(400, "bad_request", message))
    except ConnectionError:
        # Nobody is there to read it; raised on, it would be logged as if something were wrong.
        return error_response(400, "gone", "The client went away.")
    except Exception as error:
        if isinstance(error, OSError) and is_disk_trouble(error):
            return failure_response(storage_error("The server cannot write", error))
        number = uuid.uuid4().hex[:12]
        _log.exception("error %s while answering %s %s", number, request.method, request.path)
        return error_response(
            500,
            "internal_error",
            "Something went wrong in the server.",
            details=f"error {number}",
            remedy=f"The log says more: look for {number}.",
        )


def _http_error(request: web.Request, error: web.HTTPException) -> web.Response:
    kinds = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 403: "forbidden"}
    message = {
        404: f"There is nothing at {request.path[:200]}.",
        405: f"{request.method[:20]} cannot be used here.",
        413: "The request is too large.",
    }.get(error.status, error.reason)
    response = error_response(error.status, kinds.get(error.status, "bad_request"), message)
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return _closing(response) if error.status == 413 else response


def _closing(response: web.Response) -> web.Response:
    """An answer to half a request: nothing else can come on its connection."""
    response.force_close()
    return response
