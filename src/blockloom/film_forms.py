"""Writing films as files that players play: containers, codecs, and what they are told."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import PIL.Image

from blockloom.errors import UsageError
from blockloom.films import Film
from blockloom.sound_files import SoundTrack, written_by_ffmpeg

if TYPE_CHECKING:
    import av
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class FilmForm:
    """How a film is written: container, codec, its settings, and the sound's codec ("": none)."""

    suffix: str
    container: str
    codec: str
    pixels: str
    options: Mapping[str, str]
    sound: str
    is_lossless: bool = False


_EVEN = frozenset({"libx264", "libsvtav1"})
_X264 = {"crf": "16", "preset": "medium"}
_VP9 = {"crf": "20", "b": "0", "row-mt": "1", "deadline": "good", "cpu-used": "4"}
_AV1 = {"crf": "24", "preset": "8", "svtav1-params": "lp=2"}
_MP4 = {"movflags": "use_metadata_tags+faststart"}

FORMS: Mapping[tuple[str, str], FilmForm] = {
    ("mp4", "h264"): FilmForm(".mp4", "mp4", "libx264", "yuv420p", _X264, "aac"),
    ("mp4", "av1"): FilmForm(".mp4", "mp4", "libsvtav1", "yuv420p", _AV1, "aac"),
    ("webm", "vp9"): FilmForm(".webm", "webm", "libvpx-vp9", "yuv420p", _VP9, "libopus"),
    ("webm", "av1"): FilmForm(".webm", "webm", "libsvtav1", "yuv420p", _AV1, "libopus"),
    ("mkv", "h264"): FilmForm(".mkv", "matroska", "libx264", "yuv420p", _X264, "flac"),
    ("mkv", "ffv1"): FilmForm(".mkv", "matroska", "ffv1", "bgr0", {"level": "3"}, "flac", True),
}
DEFAULT_CODECS = {"mp4": "h264", "webm": "vp9", "mkv": "ffv1"}
GIF = "gif"
_GIF_TICK = 100
_PALETTE_SIDE = 96


def form_of(format_: str, codec: str) -> FilmForm:
    """The form of a format and a codec, "auto" for the usual one; raises ``UsageError``."""
    name = "mp4" if format_ == "auto" else format_
    if format_ == "auto" and codec != "auto":
        name = next((container for container, known in FORMS if known == codec), name)
    chosen = DEFAULT_CODECS.get(name, "") if codec == "auto" else codec
    form = FORMS.get((name, chosen))
    if form is not None:
        return form
    known = ", ".join(codec for container, codec in FORMS if container == name)
    raise UsageError(
        f"{name} cannot hold {chosen} here.", remedy=f'Set codec to "auto", or to one of: {known}.'
    )


def write_film(
    path: Path,
    film: Film,
    form: FilmForm,
    notes: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> None:
    """Write a film; ``notes`` are texts for the file's metadata.

    Raises ``UsageError`` where the form cannot hold it, OSError where the disk cannot.
    """
    import av

    width, height = film.size
    if form.codec in _EVEN and (width % 2 or height % 2):
        raise UsageError(
            f"{form.codec.removeprefix('lib')} cannot hold frames of {width} x {height} pixels: "
            "width and height have to be even.",
            remedy="Crop or scale them, or save as webm, mkv or gif.",
        )
    settings = dict(_MP4) if form.container == "mp4" else {}
    with (
        written_by_ffmpeg(),
        av.open(str(path), "w", format=form.container, options=settings) as container,
    ):
        container.metadata.update(notes or {})
        options = dict(form.options)
        stream = cast("VideoStream", container.add_stream(form.codec, film.rate, options))
        _set_up(stream.codec_context, film, form)
        track = SoundTrack(container, film.sound, form.sound) if film.sound else None
        for number, picture in enumerate(film.frames):
            if progress is not None:
                progress(number, len(film.frames))
            frame = _frame_of(picture, stream.codec_context.pix_fmt, form.is_lossless)
            frame.pts, frame.time_base = number, 1 / film.rate
            container.mux(stream.encode(frame))
            if track is not None:
                track.write_until(float((number + 1) / film.rate))
        container.mux(stream.encode(None))
        if track is not None:
            track.finish()


def _set_up(context: VideoCodecContext, film: Film, form: FilmForm) -> None:
    context.width, context.height = film.size
    has_alpha = any(frame.mode == "RGBA" for frame in film.frames)
    context.pix_fmt = "bgra" if form.is_lossless and has_alpha else form.pixels
    context.time_base = 1 / film.rate
    context.thread_count = 0
    if not form.is_lossless:
        # Said, because players take other guesses for small films than for large ones.
        context.color_range, context.colorspace = 1, 1
        context.color_primaries, context.color_trc = 1, 1


def _frame_of(picture: PIL.Image.Image, pixels: str | None, is_lossless: bool) -> av.VideoFrame:
    import av
    import numpy

    has_alpha = pixels == "bgra"
    array = numpy.asarray(picture.convert("RGBA") if has_alpha else _opaque(picture))
    frame = av.VideoFrame.from_ndarray(array, format="rgba" if has_alpha else "rgb24")
    if is_lossless:
        return frame.reformat(format=pixels)
    return frame.reformat(format=pixels, dst_colorspace="ITU709", dst_color_range="MPEG")


def _opaque(picture: PIL.Image.Image) -> PIL.Image.Image:
    """The picture as RGB, what is transparent in it on black, as players show it."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = PIL.Image.new("RGBA", picture.size, (0, 0, 0, 255))
    return PIL.Image.alpha_composite(ground, picture).convert("RGB")


def write_gif(path: Path, film: Film, note: str = "", progress: Progress | None = None) -> None:
    """Write a film as a GIF without its sound; ``note`` becomes its comment.

    A GIF counts in hundredths of a second: other rates are met on the average.
    """
    frames = []
    for number, picture in enumerate(film.frames):
        if progress is not None:
            progress(number, len(film.frames))
        frames.append(_in_256_colours(_opaque(picture)))
    ticks = [round(number * _GIF_TICK / film.rate) for number in range(len(frames) + 1)]
    durations = [10 * max(2, after - now) for now, after in itertools.pairwise(ticks)]
    frames[0].save(
        path,
        format="GIF",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        comment=note.encode(),
        optimize=False,
    )


def _in_256_colours(picture: PIL.Image.Image) -> PIL.Image.Image:
    """The colours are chosen from a small copy: of all pixels that would take seconds."""
    small = picture.copy()
    small.thumbnail((_PALETTE_SIDE, _PALETTE_SIDE))
    palette = small.quantize(256)
    return picture.quantize(palette=palette, dither=PIL.Image.Dither.FLOYDSTEINBERG)
