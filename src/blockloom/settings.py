"""Where Blockloom keeps things on this machine, read once from options and the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Settings:
    """The folders of one user.

    ``data`` holds what the user made or chose, ``cache`` only what can be made again.
    """

    data: Path
    cache: Path
    config: Path

    @property
    def catalogue(self) -> Path:
        """Where the catalogue is kept between runs."""
        return self.cache / "catalogue"

    @property
    def trust(self) -> Path:
        """What the user said may run code of its own."""
        return self.config / "trust.json"

    @property
    def inputs(self) -> Path:
        """Pictures that graphs may load by name."""
        return self.data / "input"

    @property
    def models(self) -> Path:
        """Model folders that graphs may name without a path."""
        return self.data / "models"

    @property
    def nodes(self) -> Path:
        """The user's own node files."""
        return self.data / "nodes"


def read_settings(
    environment: Mapping[str, str] | None = None, *, data: Path | None = None
) -> Settings:
    """Settings from an option, else BLOCKLOOM_DATA and BLOCKLOOM_CACHE, else the system's folders.

    With a data folder of one's own, cache and configuration go inside it unless told otherwise.
    """
    environment = os.environ if environment is None else environment
    chosen = data or _folder(environment, "BLOCKLOOM_DATA")
    cache = _folder(environment, "BLOCKLOOM_CACHE")
    system = platformdirs.PlatformDirs("blockloom", appauthor=False)
    if chosen is None:
        return Settings(
            data=Path(system.user_data_path),
            cache=cache or Path(system.user_cache_path),
            config=Path(system.user_config_path),
        )
    return Settings(data=chosen, cache=cache or chosen / "cache", config=chosen / "config")


def _folder(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name, "").strip()
    return Path(text).expanduser().absolute() if text else None
