"""Film files: opening what an artist has.

ffmpeg, inside the wheel of PyAV, does the work. Only plain container formats are opened: ffmpeg
knows playlists and scripts, too, which name other files and addresses.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import PIL.Image

from blockloom.errors import UsageError
from blockloom.films import DEFAULT_RATE, MAX_RATE, Film, check_length, exact_rate
from blockloom.pictures import MAX_PIXELS
from blockloom.sound_files import media_errors, open_media, sound_in

if TYPE_CHECKING:
    import av
    from av.container import InputContainer
    from av.video.stream import VideoStream

VIDEO_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,mpeg,mpegts,asf,ogg,gif"
REMEDY = "MP4, WebM, MOV, MKV, AVI and GIF files can."

_TICK = 0.001
"""Seconds by which the times in a file may be rounded."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a film is wanted, and how: all of it, as it is, unless told otherwise.

    ``seconds`` 0 is up to the end, ``rate`` 0 the film's own, ``side`` the longest side in pixels,
    0 for the film's own.
    """

    start: float = 0.0
    seconds: float = 0.0
    rate: float = 0.0
    side: int = 0


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What a film file says of itself; ``frames`` and ``seconds`` are 0 where it does not."""

    width: int
    height: int
    rate: Fraction
    seconds: float
    frames: int
    has_sound: bool


def probe_film(path: Path) -> FilmFacts:
    """What a film file says of itself, after its first picture was decoded.

    Raises ``UsageError`` for a file that is no film, is damaged or has too large pictures.
    """
    with media_errors(path.name, "film", REMEDY), open_media(path, VIDEO_FORMATS) as container:
        stream = _video_stream(container, path.name)
        first = next(_decoded(container, stream), None)
        if first is None:
            raise _empty(path.name)
        seconds = float(container.duration or 0) / 1_000_000
        return FilmFacts(
            first.width,
            first.height,
            _rate_of(container, stream),
            seconds,
            stream.frames,
            bool(container.streams.audio),
        )


def first_frame(path: Path) -> PIL.Image.Image:
    """The first picture of a film file; raises ``UsageError`` as :func:`open_film` does."""
    with media_errors(path.name, "film", REMEDY), open_media(path, VIDEO_FORMATS) as container:
        frame = next(_decoded(container, _video_stream(container, path.name)), None)
        if frame is None:
            raise _empty(path.name)
        return _picture_of(frame)


def open_film(path: Path, part: Part | None = None, progress: Progress | None = None) -> Film:
    """A film from a file, with its frame rate and its sound.

    Raises ``UsageError`` for a file that is no film, is damaged or is too large.
    """
    part = part or Part()
    with media_errors(path.name, "film", REMEDY):
        with open_media(path, VIDEO_FORMATS) as container:
            stream = _video_stream(container, path.name)
            rate = _rate_of(container, stream)
            frames = _frames(container, stream, part, rate, path.name, progress)
            has_sound = bool(container.streams.audio)
        sound = None
        if has_sound:
            # Read by itself: a whole film in packets, waiting for the other half, takes memory.
            with open_media(path, VIDEO_FORMATS) as container:
                sound = sound_in(container, path.name, part.start, part.seconds)
    return Film(tuple(frames), exact_rate(part.rate) if part.rate else rate, sound)


def moving_pictures(container: InputContainer) -> list[VideoStream]:
    """The streams of pictures, without the sleeve of a record, which is one to ffmpeg."""
    from av.stream import Disposition

    return [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic
    ]


def _video_stream(container: InputContainer, name: str) -> VideoStream:
    for stream in moving_pictures(container):
        width, height = stream.codec_context.width, stream.codec_context.height
        if width * height > MAX_PIXELS:
            raise UsageError(
                f'The film "{name}" is too large: {width} x {height} pixels.',
                remedy=f"Make it smaller than {MAX_PIXELS // 1_000_000} million pixels a frame.",
            )
        stream.thread_type = "AUTO"
        return stream
    raise UsageError(
        f'"{name}" has no pictures in it, only sound.', remedy="Load it with Load Audio."
    )


def _rate_of(container: InputContainer, stream: VideoStream) -> Fraction:
    rate = stream.average_rate or stream.guessed_rate
    if stream.codec_context.name == "gif" and stream.frames and container.duration:
        # Its frames last hundredths of a second, this many and that many: the average is meant.
        rate = Fraction(stream.frames * 1_000_000, container.duration)
    return exact_rate(rate) if rate and rate <= MAX_RATE else DEFAULT_RATE


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[av.VideoFrame]:
    yield from container.decode(stream)


def _frames(
    container: InputContainer,
    stream: VideoStream,
    part: Part,
    rate: Fraction,
    name: str,
    progress: Progress | None,
) -> list[PIL.Image.Image]:
    pick = _Picked(part, rate)
    total = stream.frames or 0
    frames: list[PIL.Image.Image] = []
    for number, frame in enumerate(_decoded(container, stream)):
        count = pick.times(number, frame.time)
        if progress is not None:
            progress(number, max(total, number + 1))
        if count:
            picture = _sized(_picture_of(frame), part.side)
            check_length(len(frames) + count, *picture.size, name=f'The film "{name}"')
            if frames and picture.size != frames[0].size:
                picture = picture.resize(frames[0].size, PIL.Image.Resampling.LANCZOS)
            frames.extend([picture] * count)
        if pick.is_over:
            break
    if not frames:
        raise _empty(name) if not part.start else _behind(name, part.start)
    if all(frame.mode == "RGBA" and _is_opaque(frame) for frame in frames):
        return [frame.convert("RGB") for frame in frames]
    return frames


class _Picked:
    """Which frames a part takes, and how often each: at another rate some twice, or not at all."""

    def __init__(self, part: Part, rate: Fraction) -> None:
        self._part = part
        self._rate = rate
        self._wanted = exact_rate(part.rate) if part.rate else rate
        self._taken = 0
        self._begin: float | None = None
        self.is_over = False

    def times(self, number: int, time: float | None) -> int:
        moment = float(number / self._rate) if time is None else time
        if self._begin is None:
            self._begin = moment
        half = 0.5 / float(self._rate)
        moment = moment - self._begin - self._part.start
        if moment < -half:
            return 0
        if self._part.seconds and moment > self._part.seconds - half:
            self.is_over = True
            return 0
        if not self._part.rate:
            return 1
        # So many are due when this one's time on the screen is over.
        due = math.floor((moment + 2 * half + _TICK) * float(self._wanted))
        count = max(0, due - self._taken)
        self._taken += count
        return count


def _picture_of(frame: av.VideoFrame) -> PIL.Image.Image:
    """A frame upright, as RGB, or RGBA where the film is transparent."""
    names = frame.format.name
    has_alpha = names.startswith(("yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya", "pal8"))
    picture = PIL.Image.fromarray(frame.to_ndarray(format="rgba" if has_alpha else "rgb24"))
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture


def _is_opaque(picture: PIL.Image.Image) -> bool:
    return picture.getchannel("A").getextrema() == (255, 255)


def _sized(picture: PIL.Image.Image, side: int) -> PIL.Image.Image:
    if not side or max(picture.size) <= side:
        return picture
    longest = max(picture.size)
    # Even numbers: most films cannot be written with others.
    width, height = (max(2, round(length * side / longest / 2) * 2) for length in picture.size)
    return picture.resize((width, height), PIL.Image.Resampling.LANCZOS)


def _empty(name: str) -> UsageError:
    return UsageError(f'The film "{name}" has no frames.', remedy="Choose another file.")


def _behind(name: str, start: float) -> UsageError:
    return UsageError(
        f'The film "{name}" is over before second {start:g}.', remedy="Choose an earlier start."
    )
