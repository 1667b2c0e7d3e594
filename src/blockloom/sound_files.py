"""Sound files: opening what an artist has, and writing what a player plays, through PyAV."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from blockloom.errors import UsageError
from blockloom.films import MAX_CHANNELS, MAX_SOUND_VALUES, Sound, checked_sound, waveform_array

if TYPE_CHECKING:
    import av
    import numpy
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from numpy.typing import NDArray

SOUND_FORMATS = "wav,w64,flac,mp3,ogg,aac,aiff,caf,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,asf"
REMEDY = "WAV, FLAC, MP3, OGG, Opus and M4A files can, and the sound of films."

_LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
_CHUNK = 4096


@contextlib.contextmanager
def open_media(path: Path, formats: str) -> Iterator[InputContainer]:
    """A media file that is read as one of these formats, and by itself alone: nothing it names is
    opened."""
    import av

    options = {"format_whitelist": formats, "protocol_whitelist": "none"}
    with (
        path.open("rb") as file,
        av.open(file, "r", options=options, metadata_errors="replace") as container,
    ):
        yield container


@contextlib.contextmanager
def media_errors(name: str, kind: str, remedy: str) -> Iterator[None]:
    """What ffmpeg says of a file, in an artist's words: raises ``UsageError``."""
    from av.error import FFmpegError

    try:
        yield
    except (FFmpegError, OSError) as error:
        # An empty file is an invalid argument to ffmpeg, and no error of its own.
        if isinstance(error, FFmpegError) or error.errno == errno.EINVAL:
            raise UsageError(
                f'"{name}" is not a {kind} that can be opened.', remedy=remedy, details=str(error)
            ) from error
        raise UsageError(f'"{name}" cannot be read: {error.strerror or error}.') from error


@contextlib.contextmanager
def written_by_ffmpeg() -> Iterator[None]:
    """What ffmpeg says while it writes: OSError where it is the disk's, else ``UsageError``."""
    from av.error import FFmpegError

    try:
        yield
    except FFmpegError as error:
        number = error.errno or 0
        if 0 < number < 200:
            raise OSError(number, os.strerror(number)) from error
        raise UsageError(
            "ffmpeg could not write it in this format.",
            remedy="Choose another format or codec.",
            details=str(error),
        ) from error


def open_sound(path: Path) -> Sound:
    """A sound from a file, or the one of a film, with its own sample rate.

    Raises ``UsageError`` for a file that has none, is damaged or is too long.
    """
    with media_errors(path.name, "sound", REMEDY), open_media(path, SOUND_FORMATS) as container:
        return sound_in(container, path.name)


def check_sound_file(path: Path) -> None:
    """Raise ``UsageError`` for a file without a sound that can be decoded."""
    with media_errors(path.name, "sound", REMEDY), open_media(path, SOUND_FORMATS) as container:
        if not container.streams.audio:
            raise _silent(path.name)
        if next(container.decode(container.streams.audio[0]), None) is None:
            raise _silent(path.name)


def sound_in(
    container: InputContainer, name: str, start: float = 0.0, seconds: float = 0.0
) -> Sound:
    """The first sound of an open file, or a part of it; ``seconds`` 0 is up to its end."""
    import av
    import numpy
    import torch

    if not container.streams.audio:
        raise _silent(name)
    stream = container.streams.audio[0]
    rate = stream.codec_context.sample_rate
    channels = min(stream.codec_context.channels, MAX_CHANNELS)
    resampler = av.AudioResampler(format="fltp", layout=_LAYOUTS[channels], rate=rate)
    first, end = round(start * rate), round((start + seconds) * rate) if seconds else None
    chunks, place = [numpy.zeros((channels, 0), "float32")], 0
    for frame in itertools.chain(container.decode(stream), (None,)):
        for resampled in resampler.resample(frame):
            chunk = resampled.to_ndarray()
            until = None if end is None else max(0, end - place)
            chunks.append(chunk[:, max(0, first - place) : until])
            place += chunk.shape[1]
        if channels * (place - first) > MAX_SOUND_VALUES:
            raise UsageError(
                f'The sound of "{name}" is longer than '
                f"{MAX_SOUND_VALUES // channels // rate} seconds.",
                remedy="Cut it into shorter ones.",
            )
        if end is not None and place >= end:
            break
    return Sound(torch.from_numpy(numpy.concatenate(chunks, axis=1)), rate)


def resampled(sound: Sound, rate: int, channels: int) -> Sound:
    """The sound at another rate, and with other channels: all of them mixed."""
    import av
    import numpy
    import torch

    if channels != sound.channels:
        mixed = sound.waveform.mean(dim=0, keepdim=True).repeat(channels, 1)
        sound = Sound(mixed, sound.rate)
    if rate == sound.rate:
        return sound
    layout = _LAYOUTS[channels]
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate)
    frame = av.AudioFrame.from_ndarray(waveform_array(sound), format="fltp", layout=layout)
    frame.sample_rate, frame.time_base, frame.pts = sound.rate, Fraction(1, sound.rate), 0
    parts = [*resampler.resample(frame), *resampler.resample(None)]
    chunks = [part.to_ndarray() for part in parts] or [numpy.zeros((channels, 0), "float32")]
    return checked_sound(Sound(torch.from_numpy(numpy.concatenate(chunks, axis=1)), rate))


def _silent(name: str) -> UsageError:
    return UsageError(f'"{name}" has no sound in it.', remedy="Choose another file.")


# -- writing


@dataclass(frozen=True, slots=True)
class SoundForm:
    """How a sound is written; ``samples`` is ffmpeg's name of what one sample is stored as."""

    suffix: str
    container: str
    codec: str
    samples: str


WAVES: Mapping[str, SoundForm] = {
    "16 bit": SoundForm(".wav", "wav", "pcm_s16le", "s16"),
    "24 bit": SoundForm(".wav", "wav", "pcm_s24le", "s32"),
    "32 bit float": SoundForm(".wav", "wav", "pcm_f32le", "flt"),
}
FLAC = SoundForm(".flac", "flac", "flac", "s32")
MP3 = SoundForm(".mp3", "mp3", "libmp3lame", "fltp")
OPUS = SoundForm(".opus", "ogg", "libopus", "flt")

_FORMATS = {"aac": "fltp", "libopus": "flt", "flac": "s32"}
_RATES = {
    "libopus": (48_000, 24_000, 16_000, 12_000, 8_000),
    "libmp3lame": (48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000),
    "aac": (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 8_000),
}
_CHANNELS = {"libmp3lame": 2}


def write_sound(
    path: Path,
    sound: Sound,
    form: SoundForm,
    notes: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
) -> None:
    """Write a sound; ``notes`` are texts for the file's metadata. What is louder than 1 is cut off.

    Raises ``UsageError`` where the form cannot hold it, OSError where the disk cannot.
    """
    import av

    if not sound.samples:
        raise UsageError("The sound is empty: it has no samples.")
    with written_by_ffmpeg(), av.open(str(path), "w", format=form.container) as container:
        container.metadata.update(notes or {})
        track = SoundTrack(container, sound, form.codec, form.samples, options)
        track.write_until(sound.seconds)
        track.finish()


class SoundTrack:
    """The sound of a file that is being written, brought in piece by piece."""

    def __init__(
        self,
        container: OutputContainer,
        sound: Sound,
        codec: str,
        samples: str = "",
        options: Mapping[str, str] | None = None,
    ) -> None:
        import av

        most = _CHANNELS.get(codec, MAX_CHANNELS)
        if sound.channels > most:
            raise UsageError(
                f"{codec.removeprefix('lib')} holds {most} channels; the sound has "
                f"{sound.channels}.",
                remedy="Save as FLAC or WAV.",
            )
        self._container = container
        self._sound = sound
        self._array = waveform_array(sound)
        self._samples = samples or _FORMATS[codec]
        self._layout = _LAYOUTS[sound.channels]
        self._place = 0
        rate = _rate_for(codec, sound.rate)
        stream = container.add_stream(codec, rate=rate, options=dict(options or {}))
        self._stream = cast("AudioStream", stream)
        context = self._stream.codec_context
        context.layout, context.format = self._layout, self._samples
        self._resampler = None
        if rate != sound.rate:
            self._resampler = av.AudioResampler(
                format=self._samples, layout=self._layout, rate=rate
            )

    def write_until(self, seconds: float) -> None:
        """All that is heard before that moment, unless it is written already."""
        end = min(self._sound.samples, round(seconds * self._sound.rate))
        while self._place < end:
            until = min(end, self._place + _CHUNK)
            frame = self._frame(self._place, until)
            for part in self._resampler.resample(frame) if self._resampler else (frame,):
                self._container.mux(self._stream.encode(part))
            self._place = until

    def finish(self) -> None:
        """What is still inside the encoder."""
        for part in self._resampler.resample(None) if self._resampler else ():
            self._container.mux(self._stream.encode(part))
        self._container.mux(self._stream.encode(None))

    def _frame(self, start: int, end: int) -> av.AudioFrame:
        import av

        kind = "flt" if self._resampler is not None else self._samples
        stored = _stored(self._array[:, start:end], kind)
        frame = av.AudioFrame.from_ndarray(stored, format=kind, layout=self._layout)
        frame.sample_rate, frame.pts = self._sound.rate, start
        frame.time_base = Fraction(1, self._sound.rate)
        return frame


def _rate_for(codec: str, rate: int) -> int:
    """A rate the codec has: the sound's own, else the lowest above it, else the highest."""
    known = _RATES.get(codec, (rate,))
    return rate if rate in known else min((one for one in known if one > rate), default=max(known))


def _stored(chunk: NDArray[numpy.float32], kind: str) -> NDArray[Any]:
    """Samples (channels, n) as ffmpeg stores them: whole numbers as decoders read them back."""
    import numpy

    if kind == "fltp":
        return numpy.ascontiguousarray(chunk.clip(-1, 1))
    packed = numpy.ascontiguousarray(chunk.T).reshape(1, -1)
    if kind == "flt":
        return packed
    if kind == "s16":
        return (packed * 2.0**15).round().clip(-(2**15), 2**15 - 1).astype(numpy.int16)
    whole = (packed.astype(numpy.float64) * 2**23).round().clip(-(2**23), 2**23 - 1)
    # 24 bits, in the upper three of four bytes.
    return whole.astype(numpy.int32) << 8
