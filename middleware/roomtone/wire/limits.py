"""What a message may hold: the numbers of `protocol/SPEC.md`, and the field types that carry them."""

import sys
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

MAX_ID: Final = 2**31 - 1
# Every double and every 53-bit JSON number holds such a frame exactly: 5,950 years at 48 kHz.
MAX_FRAME: Final = 2**53 - 1
MAX_DEPTH: Final = 8
MAX_NAME_BYTES: Final = 64
MAX_TEXT_BYTES: Final = 1024
MAX_PROMPT_BYTES: Final = 256
MAX_PER_SCENE: Final = 256
MAX_STREAMS: Final = 256
MAX_SCENES: Final = 4096
# 256 streams of stereo f32, one block: 983,040 bytes of PCM.
MAX_PCM_BYTES: Final = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameLimits:
    """What is refused before, or while, a message's frame is decoded."""

    frame_bytes: int
    string_bytes: int
    items: int


FROM_CLIENT: Final = FrameLimits(frame_bytes=65_536, string_bytes=256, items=256)
FROM_DAEMON: Final = FrameLimits(frame_bytes=1_048_576, string_bytes=MAX_TEXT_BYTES, items=MAX_SCENES)


@dataclass(frozen=True, slots=True)
class Within:
    """The range of a number, both ends included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sized:
    """How many bytes of UTF-8 a string, or how many items an array or map, may have, both ends included."""

    low: int
    high: int


FINITE: Final = Within(-sys.float_info.max, sys.float_info.max)

RequestId: TypeAlias = Annotated[int, Within(1, MAX_ID)]
AnswerId: TypeAlias = Annotated[int, Within(0, MAX_ID)]
Handle: TypeAlias = Annotated[int, Within(1, MAX_ID)]
Frame: TypeAlias = Annotated[int, Within(0, MAX_FRAME)]
Count: TypeAlias = Annotated[int, Within(0, MAX_FRAME)]
Seed: TypeAlias = Annotated[int, Within(0, MAX_FRAME)]
Version: TypeAlias = Annotated[int, Within(1, 65_535)]
Offset: TypeAlias = Annotated[int, Within(0, MAX_PCM_BYTES)]
Channels: TypeAlias = Annotated[int, Within(1, 2)]
Rate: TypeAlias = Annotated[int, Within(1, 192_000)]
BlockFrames: TypeAlias = Annotated[int, Within(1, 48_000)]
Seconds: TypeAlias = Annotated[float, Within(0.0, 86_400.0)]
Elapsed: TypeAlias = Annotated[float, Within(0.0, FINITE.high)]
Metres: TypeAlias = Annotated[float, Within(-1e9, 1e9)]
Distance: TypeAlias = Annotated[float, Within(0.0, 1e9)]
Decibels: TypeAlias = Annotated[float, Within(-200.0, 200.0)]

Share: TypeAlias = Annotated[float, Within(0.0, 1.0)]
Gigabytes: TypeAlias = Annotated[float, Within(0.0, 1e6)]
GainDb: TypeAlias = Annotated[float, Within(-120.0, 6.0)]
ClipSeconds: TypeAlias = Annotated[float, Within(1.0, 60.0)]
Variations: TypeAlias = Annotated[int, Within(1, 16)]

Prompt: TypeAlias = Annotated[str, Sized(1, MAX_PROMPT_BYTES)]
Name: TypeAlias = Annotated[str, Sized(1, MAX_NAME_BYTES)]
Unit: TypeAlias = Annotated[str, Sized(0, MAX_NAME_BYTES)]
Secret: TypeAlias = Annotated[str, Sized(0, 256)]
Label: TypeAlias = Annotated[str, Sized(0, 256)]
Text: TypeAlias = Annotated[str, Sized(0, MAX_TEXT_BYTES)]
