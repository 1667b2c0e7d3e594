"""What handlers find in the application, each under a typed key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from blockloom.catalogue.catalogue import Catalogue
from blockloom.jobs.retention import Retention
from blockloom.model_places import ModelPlaces
from blockloom.server.backend import Backend
from blockloom.server.limits import Crowd, Limits

MAX_UPLOAD = 104_857_600


@dataclass(frozen=True, slots=True)
class Access:
    """Who may talk to the server.

    ``hosts`` are the names it may be called by (without port), ``origins`` the foreign origins
    whose pages may use it. Where ``token`` is not "", every request has to bring it.
    ``is_exposed`` says that it listens beyond this machine; then it may be called by any address.
    """

    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    token: str = ""
    is_exposed: bool = False
    is_secure: bool = False


@dataclass(frozen=True, slots=True)
class Folders:
    """Where files are that clients may name; examples' pictures are found among the input."""

    output: Path
    temporary: Path
    input: Path
    user: Path
    models: tuple[Path, ...]
    examples: Path | None = None

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Where files that graphs load are looked for, in order; written to is only the first."""
        return (self.input,) if self.examples is None else (self.input, self.examples)

    @property
    def written(self) -> tuple[Path, ...]:
        """Where jobs write files."""
        return (self.output, self.temporary)

    @property
    def model_places(self) -> ModelPlaces:
        """Where graphs that are posted may take models from."""
        return ModelPlaces(self.models, is_closed=True)


@dataclass(frozen=True, slots=True)
class Config:
    """How a server was started; ``editor`` is where the editor is, None for the shipped one."""

    folders: Folders
    access: Access = field(default_factory=Access)
    max_upload: int = MAX_UPLOAD
    limits: Limits = field(default_factory=Limits)
    retention: Retention = field(default_factory=Retention)
    arguments: tuple[str, ...] = ()
    editor: Path | None = None


CONFIG: web.AppKey[Config] = web.AppKey("config", Config)
BACKEND: web.AppKey[Backend] = web.AppKey("backend", Backend)
CROWD: web.AppKey[Crowd] = web.AppKey("crowd", Crowd)

ReadCatalogue = Callable[[], Awaitable[Catalogue]]


@dataclass(slots=True)
class CurrentCatalogue:
    """The catalogue of now, or the reading of it; another one once nodes were reloaded."""

    reading: asyncio.Future[Catalogue]


CATALOGUE: web.AppKey[CurrentCatalogue] = web.AppKey("catalogue", CurrentCatalogue)


async def catalogue_of(request: web.Request) -> Catalogue:
    """The catalogue, as soon as it has been read."""
    return await asyncio.shield(request.app[CATALOGUE].reading)
