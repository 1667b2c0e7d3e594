"""How files of pictures, films and sounds end."""

from __future__ import annotations

from collections.abc import Mapping

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".tif", ".tiff", ".bmp")

BY_CONTAINER: Mapping[str, tuple[str, ...]] = {
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
"""How a file of a container that ffmpeg knows by that name may end; the first is the usual one."""
_SOUNDS = ("m4a", "mka", "wma", "ogg", "oga", "opus", "wav", "w64", "flac", "mp3", "aac")
AUDIO_SUFFIXES = (*(f".{name}" for name in _SOUNDS), ".aiff", ".aif", ".caf")
VIDEO_SUFFIXES = tuple(
    suffix
    for suffixes in BY_CONTAINER.values()
    for suffix in suffixes
    if suffix not in AUDIO_SUFFIXES
)
MEDIA_SUFFIXES = (*VIDEO_SUFFIXES, *AUDIO_SUFFIXES)
