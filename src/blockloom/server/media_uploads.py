"""Films and sounds that are sent: what they are, as far as they may be kept."""

from __future__ import annotations

from pathlib import Path

from blockloom.errors import UsageError
from blockloom.film_files import VIDEO_FORMATS, moving_pictures, probe_film
from blockloom.media_suffixes import BY_CONTAINER
from blockloom.sound_files import SOUND_FORMATS, check_sound_file, media_errors, open_media


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
    suffixes = BY_CONTAINER.get(names[0])
    if suffixes is None:
        raise UsageError(f"Files of the kind {names[0]} cannot be kept.", remedy=remedy)
    return suffixes
