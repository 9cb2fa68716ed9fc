"""This computer's sound output; the only place that imports sounddevice."""

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.errors import SettingsError

_LATENCY_S: Final = 0.06

Fill = Callable[[int], Samples]
"""Asked for so many frames, returns `(frames, 2)` samples; on the sound system's thread."""


class Speaker:
    """Plays what `fill` returns, while the block lasts.

    Raises:
        SettingsError: `play.no-sounddevice`, `play.no-portaudio`, `play.no-device`.
    """

    def __init__(self, fill: Fill) -> None:
        self._fill = fill
        sounddevice = _load()
        try:
            self._stream: Any = sounddevice.OutputStream(
                samplerate=SAMPLE_RATE_HZ,
                channels=2,
                dtype="float32",
                blocksize=BLOCK_FRAMES,
                latency=_LATENCY_S,
                callback=self._callback,
            )
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SettingsError(
                "play.no-device",
                what=f"there is no sound output that plays stereo at 48 kHz: {error}",
                fix="connect one, or write a file with `roomtone render SCENE -o OUT.wav`",
            ) from error

    def __enter__(self) -> Self:
        self._stream.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def _callback(self, out: Any, frames: int, _time: object, _status: object) -> None:
        out[:] = self._fill(frames)


def _load() -> Any:
    try:
        import sounddevice  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise SettingsError(
            "play.no-sounddevice",
            what="playing needs the package sounddevice",
            fix="pip install 'roomtone[play]'",
        ) from error
    except OSError as error:
        fix = (
            "install PortAudio: apt install libportaudio2" if sys.platform == "linux" else "install PortAudio"
        )
        raise SettingsError(
            "play.no-portaudio", what=f"the sound library is missing: {error}", fix=fix
        ) from error
    return sounddevice
