"""Sound files: clips come in within limits, renders go out whole or not at all."""

import math
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, Literal, Self

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.errors import AudioError, InputMissingError, OutputError

Encoding = Literal["PCM_24", "FLOAT"]

_FORMATS: Final = MappingProxyType({".wav": "WAV", ".flac": "FLAC", ".ogg": "OGG"})
_RATES_HZ: Final = (8_000, 192_000)
# A float file may well go over full scale; 18 dB over is a broken file, and a danger to ears.
_LOUDEST: Final = 8.0
_CHUNK_FRAMES: Final = 65_536
# Rain is noise: at the usual level, 0.6, what is lost of it is only 9 dB below it.
VORBIS_LEVEL: Final = 0.4
_PCM, _FLOAT, _EXTENSIBLE = 0x0001, 0x0003, 0xFFFE
_HEADER_BYTES: Final = 65_536

# Front pair, centre and surrounds to stereo, after ITU-R BS.775; the effects channel stays out.
_HALF: Final = math.sqrt(0.5)
_TO_STEREO: Final = MappingProxyType(
    {
        3: ((1, 0, _HALF), (0, 1, _HALF)),
        4: ((1, 0, _HALF, 0), (0, 1, 0, _HALF)),
        5: ((1, 0, _HALF, _HALF, 0), (0, 1, _HALF, 0, _HALF)),
        6: ((1, 0, _HALF, 0, _HALF, 0), (0, 1, _HALF, 0, 0, _HALF)),
        7: ((1, 0, _HALF, 0, 0.5, _HALF, 0), (0, 1, _HALF, 0, 0.5, 0, _HALF)),
        8: ((1, 0, _HALF, 0, _HALF, 0, _HALF, 0), (0, 1, _HALF, 0, 0, _HALF, 0, _HALF)),
    }
)


# Reading --------------------------------------------------------------------------------------


def read_clip(path: Path, *, max_seconds: float = 600.0, max_channels: int = 8) -> Samples:
    """Read a recording: WAV (PCM or float) or FLAC, at any usual rate.

    Memory is bounded by `max_seconds` of stereo, whatever the file claims or unpacks to.

    Returns:
        (frames, 1 or 2) float32 at 48 kHz; more channels are folded to stereo.

    Raises:
        InputMissingError: `audio.missing`.
        AudioError: `audio.unreadable`, `audio.format`, `audio.channels`, `audio.rate`, `audio.too-long`,
            `audio.empty`, `audio.damaged`.
    """
    with _opened(path) as stream:
        _check_format(stream, path)
        try:
            with soundfile.SoundFile(stream) as sound:
                _check_header(sound, path, max_seconds=max_seconds, max_channels=max_channels)
                return _decode(sound, path, max_seconds=max_seconds)
        except soundfile.LibsndfileError as error:
            what = f"it cannot be decoded: {error.error_string}"
            raise _refused("audio.unreadable", path, what, "export it again") from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        stream = path.open("rb")
    except FileNotFoundError as error:
        raise InputMissingError(
            "audio.missing", at=str(path), what="there is no such file", fix="check its name"
        ) from error
    except OSError as error:
        what = f"it cannot be opened: {error.strerror}"
        raise _refused("audio.unreadable", path, what, "check its permissions") from error
    with stream:
        yield stream


def _refused(code: str, path: Path, what: str, fix: str) -> AudioError:
    return AudioError(code, at=str(path), what=what, fix=fix)


def _check_format(stream: BinaryIO, path: Path) -> None:
    """Look at the header before the decoder does: its rarer formats have had overflows (IMA ADPCM)."""
    header = stream.read(_HEADER_BYTES)
    stream.seek(0)
    if header[:4] == b"fLaC" or _wav_tag(header) in {_PCM, _FLOAT}:
        return
    what = "it is neither WAV (PCM or float) nor FLAC"
    raise _refused("audio.format", path, what, "export it as 24-bit WAV or as FLAC")


def _wav_tag(header: bytes) -> int | None:
    """Find the format tag of a RIFF WAVE header; None when there is none that the decoder would agree on."""
    if header[:4] != b"RIFF" or header[8:12] != b"WAVE":
        return None
    at = 12
    while at + 8 <= len(header):
        name, size = header[at : at + 4], int.from_bytes(header[at + 4 : at + 8], "little")
        if name == b"fmt ":
            # Were there an earlier one inside another chunk, the decoder might take that one.
            return _tag_of(header[at + 8 : at + 8 + size]) if header.find(b"fmt ") == at else None
        at += 8 + size + size % 2
    return None


def _tag_of(fmt: bytes) -> int:
    tag = int.from_bytes(fmt[:2], "little")
    return int.from_bytes(fmt[24:26], "little") if tag == _EXTENSIBLE else tag


def _check_header(sound: soundfile.SoundFile, path: Path, *, max_seconds: float, max_channels: int) -> None:
    if sound.channels > max_channels:
        what = f"it has {sound.channels} channels, more than {max_channels}"
        raise _refused("audio.channels", path, what, "mix it down to stereo")
    low, high = _RATES_HZ
    if not low <= sound.samplerate <= high:
        what = f"its rate is {sound.samplerate} Hz, not within {low} and {high}"
        raise _refused("audio.rate", path, what, f"export it at {SAMPLE_RATE_HZ} Hz")
    if sound.frames > max_seconds * sound.samplerate:
        raise _too_long(path, max_seconds)


def _too_long(path: Path, max_seconds: float) -> AudioError:
    what = f"it is longer than {max_seconds:g} s"
    return _refused("audio.too-long", path, what, "cut it into several clips")


def _decode(sound: soundfile.SoundFile, path: Path, *, max_seconds: float) -> Samples:
    pieces, frames = [], 0
    for piece in _resampled(sound):
        _check_sound(piece, path)
        pieces.append(piece)
        frames += len(piece)
        # The header was checked before; what comes out is what counts.
        if frames > max_seconds * SAMPLE_RATE_HZ + _CHUNK_FRAMES:
            raise _too_long(path, max_seconds)
    if frames == 0:
        raise _refused("audio.empty", path, "it has no sound in it", "export it again")
    return np.concatenate(pieces)


def _resampled(sound: soundfile.SoundFile) -> Iterator[Samples]:
    if sound.samplerate == SAMPLE_RATE_HZ:
        yield from _chunks(sound)
        return
    channels = min(sound.channels, 2)
    stream = soxr.ResampleStream(sound.samplerate, SAMPLE_RATE_HZ, channels, dtype="float32")
    for chunk in _chunks(sound):
        yield stream.resample_chunk(chunk)
    yield stream.resample_chunk(np.zeros((0, channels), np.float32), last=True)


def _chunks(sound: soundfile.SoundFile) -> Iterator[Samples]:
    while len(chunk := sound.read(_CHUNK_FRAMES, dtype="float32", always_2d=True)):
        yield _folded(chunk)


def _folded(chunk: Samples) -> Samples:
    channels = chunk.shape[1]
    if channels <= 2:
        return chunk
    matrix: NDArray[np.float32] = np.array(_TO_STEREO.get(channels, ()), np.float32)
    if not len(matrix):
        return np.repeat(chunk.mean(axis=1, keepdims=True), 2, axis=1)
    folded: Samples = chunk @ matrix.T
    return folded


def _check_sound(piece: Samples, path: Path) -> None:
    # One comparison finds NaN and infinity as well: neither is less than anything.
    if len(piece) and not np.abs(piece).max() < _LOUDEST:
        what = "it holds values that are no sound (not a number, or more than 18 dB over full scale)"
        raise _refused("audio.damaged", path, what, "export it again")


def read_shipped(path: Path) -> Samples:
    """Decode a file that this package wrote, WAV, FLAC or Ogg Vorbis, at its own rate.

    Raises:
        AudioError: `audio.unreadable`.
    """
    try:
        samples, _ = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise _refused("audio.unreadable", path, f"it cannot be decoded: {error}", "bake it again") from error
    return np.asarray(samples)


def resampled(samples: Samples, from_hz: int, to_hz: int, *, quality: str = "VHQ") -> Samples:
    """Bring a whole sound to another rate."""
    return np.asarray(soxr.resample(samples, from_hz, to_hz, quality=quality), np.float32)


# Writing --------------------------------------------------------------------------------------


def check_output(path: Path) -> None:
    """Refuse an output that cannot be written, before any work is spent on it.

    Raises:
        OutputError: `output.format`, `output.no-folder`, `output.is-folder`.
    """
    if path.suffix.lower() not in _FORMATS:
        what, fix = f"'{path.suffix}' is no format that can be written", f"end it in {' or '.join(_FORMATS)}"
        raise OutputError("output.format", at=str(path), what=what, fix=fix)
    if path.is_dir():
        raise OutputError("output.is-folder", at=str(path), what="it is a folder", fix="name a file")
    if not path.parent.is_dir():
        what = f"there is no folder '{path.parent}'"
        raise OutputError("output.no-folder", at=str(path), what=what, fix="make it first")


class SoundOutput:
    """One sound file in the making: staged beside its place, verified, then renamed. One thread.

    Made by `SoundOutputs`, which also clears up.
    """

    def __init__(
        self,
        path: Path,
        *,
        channels: int,
        encoding: Encoding = "PCM_24",
        rate_hz: int = SAMPLE_RATE_HZ,
        comment: str = "",
        vorbis_level: float = VORBIS_LEVEL,
    ) -> None:
        check_output(path)
        self._vorbis_level = vorbis_level
        self.path = path
        self.frames = 0
        self._rate_hz = rate_hz
        self._staged = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
        self._channels = channels
        try:
            self._sound = self._begin(encoding, comment)
        except OutputError:
            self._staged.unlink(missing_ok=True)
            raise

    def _begin(self, encoding: Encoding, comment: str) -> soundfile.SoundFile:
        with self._explained():
            sound = soundfile.SoundFile(
                self._staged,
                "w",
                samplerate=self._rate_hz,
                channels=self._channels,
                format=_FORMATS[self.path.suffix.lower()],
                **self._as(encoding),
            )
            if comment:
                sound.comment = comment
            return sound

    def _as(self, encoding: Encoding) -> dict[str, str | float]:
        if self.path.suffix.lower() == ".ogg":
            return {"subtype": "VORBIS", "compression_level": self._vorbis_level}
        return {"subtype": encoding}

    def write(self, samples: Samples) -> None:
        """Append `(frames, channels)` samples.

        Raises:
            OutputError: `output.failed`.
        """
        with self._explained():
            # Vorbis takes what it is given onto the stack: a minute at once is more than there is.
            for start in range(0, len(samples), _CHUNK_FRAMES):
                self._sound.write(samples[start : start + _CHUNK_FRAMES])
        self.frames += len(samples)

    @property
    def staged(self) -> Path:
        """Where the file is until it is published."""
        return self._staged

    def finish(self, label: Callable[[Path], None] = lambda _: None) -> None:
        """Close the file and read its header back: a full disk leaves files that open as shorter ones.

        Args:
            label: called with the closed file, to write beside the samples what the encoder does not.

        Raises:
            OutputError: `output.failed`, `output.incomplete`.
        """
        with self._explained():
            self._sound.close()
            label(self._staged)
            found = soundfile.info(str(self._staged))
        if (found.frames, found.channels) != (self.frames, self._channels):
            what = f"only {found.frames} of {self.frames} frames arrived on the disk"
            raise OutputError("output.incomplete", at=str(self.path), what=what, fix="make room on the disk")

    def publish(self) -> None:
        """Put the finished file in its place.

        Raises:
            OutputError: `output.failed`.
        """
        with self._explained():
            self._staged.replace(self.path)

    def discard(self) -> None:
        """Remove what was staged; after `publish` there is nothing to remove."""
        with suppress(soundfile.LibsndfileError):
            self._sound.close()
        with suppress(OSError):
            self._staged.unlink(missing_ok=True)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (OSError, soundfile.SoundFileError) as error:
            what = f"it cannot be written: {error}"
            raise OutputError(
                "output.failed",
                at=str(self.path),
                what=what,
                fix="check the disk and the folder's permissions",
            ) from error


class SoundOutputs:
    """Sound files that appear together when all of them are whole; an error leaves none behind. One thread.

    A context: leaving it without an error verifies every file and puts it in its place.
    """

    def __init__(self) -> None:
        self._outputs: list[SoundOutput] = []

    def open(
        self,
        path: Path,
        *,
        channels: int,
        encoding: Encoding = "PCM_24",
        rate_hz: int = SAMPLE_RATE_HZ,
        comment: str = "",
    ) -> SoundOutput:
        """Begin one more file.

        Raises:
            OutputError: `output.failed`, and those of `check_output`.
        """
        output = SoundOutput(path, channels=channels, encoding=encoding, rate_hz=rate_hz, comment=comment)
        self._outputs.append(output)
        return output

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._publish()
        finally:
            for output in self._outputs:
                output.discard()

    def _publish(self) -> None:
        for output in self._outputs:
            output.finish()
        for output in self._outputs:
            output.publish()
