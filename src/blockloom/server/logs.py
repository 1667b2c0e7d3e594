"""The log of a server: lines for people, or a JSON object a line for programs."""

from __future__ import annotations

import datetime
import logging
import sys

from aiohttp.http import HttpProcessingError
from aiohttp.web import RequestPayloadError

from blockloom.jobs.total_json import dump_total

# What a log line is about; ``extra={"job": …}`` puts it there.
_SUBJECTS = ("job", "node", "client", "worker")


class JsonLines(logging.Formatter):
    """A JSON object for each line."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.datetime.fromtimestamp(record.created, datetime.timezone.utc)
        found: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        found.update({key: vars(record)[key] for key in _SUBJECTS if key in vars(record)})
        if record.exc_info:
            found["details"] = self.formatException(record.exc_info)
        return dump_total(found).decode("ascii")


def log_to_terminal(*, as_json: bool) -> None:
    """Send all log lines to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonLines() if as_json else plain)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").addFilter(_is_ours)


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether an error is not just a client's: nonsense it sent, or its going away."""
    error = record.exc_info[1] if record.exc_info else None
    theirs = (HttpProcessingError, RequestPayloadError, ConnectionError, TimeoutError)
    return not isinstance(error, theirs)
