"""Films and sounds that are sent: what they are, as far as they may be kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from blockloom.errors import UsageError
from blockloom.film_files import VIDEO_FORMATS, moving_pictures, probe_film
from blockloom.sound_files import SOUND_FORMATS, check_sound_file, media_errors, open_media

# How a file of a container that ffmpeg knows by that name may end; the first is the usual one.
_BY_CONTAINER: Mapping[str, tuple[str, ...]] = {
    "mov": (".mp4", ".m4v", ".mov", ".m4a", ".3gp", ".3g2"),
    "matroska": (".mkv", ".webm", ".mka"),
    "avi": (".avi",),
    "mpegts": (".ts", ".mts", ".m2ts"),
    "mpeg": (".mpg", ".mpeg"),
    "asf": (".wmv", ".wma", ".asf"),
    "flv": (".flv",),
    "ogg": (".ogg", ".ogv", ".oga", ".opus"),
    "wav": (".wav",),
    "w64": (".w64",),
    "flac": (".flac",),
    "mp3": (".mp3",),
    "aac": (".aac",),
    "aiff": (".aiff", ".aif"),
    "caf": (".caf",),
}
_SOUNDS = ("m4a", "mka", "wma", "ogg", "oga", "opus", "wav", "w64", "flac", "mp3", "aac")
AUDIO_SUFFIXES = (*(f".{name}" for name in _SOUNDS), ".aiff", ".aif", ".caf")
VIDEO_SUFFIXES = tuple(
    suffix
    for suffixes in _BY_CONTAINER.values()
    for suffix in suffixes
    if suffix not in AUDIO_SUFFIXES
)
MEDIA_SUFFIXES = (*VIDEO_SUFFIXES, *AUDIO_SUFFIXES)


def media_suffixes(path: Path) -> tuple[str, ...]:
    """How a film or sound may end that was sent; its first picture or sample has been decoded.

    Raises ``UsageError`` for what is neither, or cannot be decoded.
    """
    remedy = "Pictures, films and sounds can be sent."
    formats = f"{VIDEO_FORMATS},{SOUND_FORMATS}"
    with media_errors(path.name, "film or sound", remedy), open_media(path, formats) as container:
        names = container.format.name.split(",")
        has_pictures = bool(moving_pictures(container))
    if has_pictures:
        probe_film(path)
    else:
        check_sound_file(path)
    suffixes = _BY_CONTAINER.get(names[0])
    if suffixes is None:
        raise UsageError(f"Files of the kind {names[0]} cannot be kept.", remedy=remedy)
    return suffixes
