"""The built editor that is shipped is what the sources build to; this needs no Node.js."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
# As web/vite.config.ts has it.
SOURCES = (
    "src",
    "public",
    "index.html",
    "vite.config.ts",
    "tsconfig.json",
    "package.json",
    "package-lock.json",
)
FIRST_SCREEN_LIMIT = 250 * 1024


def source_hash() -> str:
    found: list[str] = []
    for name in SOURCES:
        path = WEB / name
        files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
        found += [file.relative_to(WEB).as_posix() for file in files]
    digest = hashlib.sha256()
    for name in sorted(found):
        digest.update(f"{name}\0".encode())
        digest.update((WEB / name).read_bytes())
    return digest.hexdigest()


def test_the_committed_build_is_fresh():
    committed = (WEB / "dist" / "source.sha256").read_text().strip()
    assert committed == source_hash(), "run: cd web && npm ci && npm run build, and commit dist"


def first_files() -> list[Path]:
    """What the page asks for before anything is opened."""
    page = (WEB / "dist" / "index.html").read_text()
    return [path for path in (WEB / "dist" / "assets").iterdir() if f"/assets/{path.name}" in page]


def test_the_first_screen_is_light():
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in first_files()}
    assert sum(sizes.values()) < FIRST_SCREEN_LIMIT, sizes


def test_the_first_screen_asks_for_nothing_that_is_opened_later():
    scripts = {path.stem for path in first_files() if path.suffix == ".js"}
    assert scripts == {"app", "first", "react", "vendor", "rolldown-runtime"}
