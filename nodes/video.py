"""Films: from files and into files, made of pictures and taken apart again."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import IO, Annotated, Literal, NamedTuple

import PIL.Image

from blockloom import Audio, Context, Image, Range, Video, VideoFile, node
from blockloom.errors import UsageError
from blockloom.export.media import media_notes
from blockloom.film_files import Part, open_film
from blockloom.film_forms import FilmForm, form_of, write_film, write_gif
from blockloom.films import MAX_FRAMES, Film, checked_film, exact_rate, film_of, films_of, sound_of
from blockloom.picture_files import output_place, write_numbered
from blockloom.pictures import MAX_SIDE, one_or_batch, pictures_of

_LONGEST = 24 * 3600.0


def _content(ctx: Context, file: str, **_: object) -> str:
    """Tells whether the file has changed, wherever it lies and whatever its date says."""
    with open(ctx.input_file(file), "rb") as stream:
        return hashlib.file_digest(stream, "blake2b").hexdigest()


@node(category="video", id="LoadVideo", title="Load Video", fingerprint=_content)
def load_video(ctx: Context, file: Annotated[str, VideoFile]) -> Video:
    """Load a film from a file in the input folder, with its frame rate and its sound.

    Args:
        file: Name of the file inside the input folder.
    """
    return open_film(ctx.input_file(file), progress=ctx.progress)


@node(category="video", title="Load Video (Part)", fingerprint=_content)
def load_video_part(
    ctx: Context,
    file: Annotated[str, VideoFile],
    start: Annotated[float, Range(0, _LONGEST, step=0.1)] = 0.0,
    seconds: Annotated[float, Range(0, _LONGEST, step=0.1)] = 0.0,
    fps: Annotated[float, Range(0, 240, step=1)] = 0.0,
    longest_side: Annotated[int, Range(0, MAX_SIDE, step=8)] = 0,
) -> Video:
    """Load a part of a film, at another frame rate or smaller: what a long one needs.

    Args:
        file: Name of the file inside the input folder.
        start: Where the part begins, in seconds.
        seconds: How long it is; 0 is up to the end.
        fps: Frames a second; 0 keeps the film's own. Frames are left out or shown twice.
        longest_side: Larger frames are scaled down to it; 0 keeps the film's own size.
    """
    part = Part(start, seconds, fps, longest_side)
    return open_film(ctx.input_file(file), part, ctx.progress)


@node(category="video", id="CreateVideo", title="Create Video")
def create_video(
    images: Image,
    fps: Annotated[float, Range(1, 240, step=1)] = 30.0,
    audio: Audio | None = None,
) -> Video:
    """Make a film from pictures, with a sound to it if one is given.

    Args:
        images: The frames: pictures of one size, or the frames a pipeline made.
        fps: Frames a second.
        audio: The sound; what is longer than the film is cut off when it is saved.
    """
    film = film_of(images)
    sound = film.sound if audio is None else sound_of(audio)
    return Film(film.frames, exact_rate(fps), sound)


class VideoParts(NamedTuple):
    """What a film is made of; ``audio`` is empty where it has no sound."""

    images: Image
    audio: Audio
    fps: float


@node(category="video", id="GetVideoComponents", title="Get Video Components")
def video_components(video: Video) -> VideoParts:
    """Take a film apart: its frames as pictures, its sound, and its frame rate."""
    film = film_of(video)
    return VideoParts(one_or_batch(film.frames), film.sound, float(film.rate))  # type: ignore[arg-type]


@node(category="video", title="Trim Video")
def trim_video(
    video: Video,
    start: Annotated[float, Range(0, _LONGEST, step=0.1)] = 0.0,
    seconds: Annotated[float, Range(0, _LONGEST, step=0.1)] = 0.0,
) -> Video:
    """Cut a part out of a film, its sound with it.

    Args:
        start: Where the part begins, in seconds.
        seconds: How long it is; 0 is up to the end.
    """
    film = film_of(video)
    first = round(start * film.rate)
    last = first + max(1, round(seconds * film.rate)) if seconds else len(film.frames)
    if first >= len(film.frames):
        raise UsageError(
            f"The film is over after {film.seconds:.2f} seconds; the part begins at {start:g}.",
            remedy="Set start to an earlier second.",
        )
    frames = film.frames[first:last]
    if film.sound is None:
        return replace(film, frames=frames)
    begin, end = (round(place / film.rate * film.sound.rate) for place in (first, last))
    return Film(frames, film.rate, film.sound.part(begin, end))


@node(category="video", title="Join Videos")
def join_videos(video1: Video, video2: Video) -> Video:
    """Put one film behind another one; frame rate and size have to be the same.

    Where only one of them has a sound, the other part is silent.
    """
    import torch

    first, second = film_of(video1), film_of(video2)
    if first.rate != second.rate:
        raise UsageError(
            f"The first film has {float(first.rate):g} frames a second, the second one "
            f"{float(second.rate):g}.",
            remedy="Bring them to one with Set Frame Rate.",
        )
    joined = checked_film(Film(first.frames + second.frames, first.rate))
    given = first.sound or second.sound
    if given is None:
        return joined
    parts = []
    for film in (first, second):
        length = round(film.seconds * given.rate)
        wave = torch.zeros(given.channels, length)
        if film.sound is not None:
            if (film.sound.rate, film.sound.channels) != (given.rate, given.channels):
                raise UsageError(
                    "The sounds of the films have other sample rates, or other channels.",
                    remedy="Bring them to one with Resample Sound.",
                )
            heard = film.sound.part(0, length).waveform
            wave[:, : heard.shape[1]] = heard
        parts.append(wave)
    return replace(joined, sound=replace(given, waveform=torch.cat(parts, dim=1)))


@node(category="video", title="Set Frame Rate")
def set_frame_rate(
    video: Video,
    fps: Annotated[float, Range(0.1, 240, step=1)] = 24.0,
    keep: Literal["frames", "duration"] = "frames",
) -> Video:
    """Give a film another frame rate.

    Args:
        fps: Frames a second.
        keep: "frames" shows the same frames faster or slower (a sound stays as it is);
            "duration" leaves frames out, or shows them twice.
    """
    film = film_of(video)
    rate = exact_rate(fps)
    if keep == "frames":
        return replace(film, rate=rate)
    count = max(1, round(len(film.frames) / film.rate * rate))
    last = len(film.frames) - 1
    places = (min(last, int(Fraction(number) / rate * film.rate)) for number in range(count))
    return checked_film(Film(tuple(film.frames[place] for place in places), rate, film.sound))


@node(category="video", title="Get Video of Batch")
def video_from_batch(video: Video, batch_index: Annotated[int, Range(0, 4095)] = 0) -> Video:
    """Take one film out of several that a pipeline made at once.

    Args:
        batch_index: Which one; the batch begins with 0.
    """
    films = films_of(video)
    if batch_index >= len(films):
        raise UsageError(
            f"The batch has {len(films)} film(s), there is no number {batch_index}.",
            remedy=f"Set batch_index to {max(0, len(films) - 1)} or less.",
        )
    return films[batch_index]


@node(category="image/batch", id="ImageBatch", title="Batch Images")
def batch_images(image1: Image, image2: Image) -> Image:
    """Put pictures behind each other as one batch: the frames of a film, say. The second ones are
    scaled to the size of the first."""
    first, second = pictures_of(image1), pictures_of(image2)
    if len(first) + len(second) > MAX_FRAMES:
        raise UsageError(
            f"These are {len(first) + len(second)} pictures; {MAX_FRAMES} can be in one batch.",
            remedy="Leave some out with Image From Batch.",
        )
    size = first[0].size if first else (0, 0)
    return one_or_batch([*first, *(_fitted(picture, size) for picture in second)])


def _fitted(picture: PIL.Image.Image, size: tuple[int, int]) -> PIL.Image.Image:
    if size in (picture.size, (0, 0)):
        return picture
    return picture.resize(size, PIL.Image.Resampling.LANCZOS)


# -- into files


@node(category="video", id="SaveVideo", title="Save Video", output=True)
def save_video(
    ctx: Context,
    video: Video,
    filename_prefix: str = "video/blockloom",
    format: Literal["auto", "mp4", "webm", "mkv", "gif"] = "auto",
    codec: Literal["auto", "h264", "vp9", "av1", "ffv1"] = "auto",
) -> None:
    """Save a film in the output folder, under the next free number, with its sound. Graph and seed
    are written into it. Frames that carry no frame rate are shown at 24 a second: Create Video
    gives them another one.

    Args:
        filename_prefix: How the name begins; as that of Save Image.
        format: "auto" is mp4, which plays everywhere. "mkv" keeps every pixel as it is. "gif" has
            256 colours and no sound.
        codec: "auto" is what the format usually has: h264 for mp4, vp9 for webm, ffv1 for mkv.
    """
    _save(ctx, video, _Wanted(ctx.output_folder, filename_prefix, format, codec))


@node(category="video", title="Preview Video", output=True)
def preview_video(ctx: Context, video: Video) -> None:
    """Show a film without keeping it among the results."""
    _save(ctx, video, _Wanted(ctx.temporary_folder, "preview", "auto", "auto"), is_temporary=True)


@node(category="video", id="SaveWEBM", title="Save WEBM", output=True)
def save_webm(
    ctx: Context,
    images: Image,
    filename_prefix: str = "video/blockloom",
    codec: Literal["vp9", "av1"] = "vp9",
    fps: Annotated[float, Range(0.01, 240, step=0.01)] = 24.0,
    crf: Annotated[float, Range(0, 63, step=1)] = 32.0,
) -> None:
    """Save pictures as a WebM film.

    Args:
        filename_prefix: How the name begins; as that of Save Image.
        fps: Frames a second.
        crf: How much may be lost: a higher number is a smaller file, a lower one looks better.
    """
    rate = exact_rate(fps)
    films = [replace(film, rate=rate) for film in films_of(images)]
    wanted = _Wanted(ctx.output_folder, filename_prefix, "webm", codec, str(round(crf)))
    _save(ctx, films, wanted)


class _Wanted(NamedTuple):
    """Where a film is wanted, and how."""

    folder: Path
    prefix: str
    format: str
    codec: str
    crf: str = ""


def _save(ctx: Context, value: object, wanted: _Wanted, is_temporary: bool = False) -> None:
    films = films_of(value)
    if not films or not all(film.frames for film in films):
        raise UsageError("There is no film to save: the batch is empty.")
    form = None if wanted.format == "gif" else form_of(wanted.format, wanted.codec)
    if form is None and wanted.codec != "auto":
        raise UsageError("A GIF has no codec to choose.", remedy='Set codec to "auto".')
    if form is not None and wanted.crf:
        form = replace(form, options={**form.options, "crf": wanted.crf})
    suffix = ".gif" if form is None else form.suffix
    place, start = output_place(wanted.folder, wanted.prefix, films[0].size)
    notes = media_notes(suffix, ctx.graph_json, ctx.seed, ctx.node_id, ctx.picture_notes)
    for film in films:
        write = functools.partial(_write, ctx, film, form, notes)
        path = write_numbered(place, start, suffix, write)
        ctx.announce(path, kind="video", is_temporary=is_temporary)


def _write(
    ctx: Context, film: Film, form: FilmForm | None, notes: dict[str, str], file: IO[bytes]
) -> None:
    path = Path(file.name)
    if form is None:
        write_gif(path, film, notes.get("comment", ""), ctx.progress)
    else:
        write_film(path, film, form, notes, ctx.progress)
