"""Where a layer is heard from: placement and listener to stereo gains, zones that crossfade, and the mix.

Axes, as on the wire: metres, y up, right-handed. At yaw 0 the listener looks along -z with +x on the right; a positive
yaw turns right.

Gains are a matrix `(channels, 2)` from a stream's channels to left and right. Whatever the placement, the
squares of a matrix sum to `2·level²`: a stream keeps its power as it moves from all around to one side, and
a bed that passes as it is has level 1.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.wire.messages import PlacementInfo, Vector

Gains: TypeAlias = NDArray[np.float32]
"""`(channels, 2)`: how much of each channel of a stream goes to left and right."""

# A source at one side still reaches the other ear: a full pan sounds like a broken headphone.
WIDEST_PAN: Final = 0.85
LIMIT_KNEE: Final = 0.8
_SQRT2: Final = math.sqrt(2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Where the listener stands and looks; see the module for the axes."""

    at_m: Vector = (0.0, 0.0, 0.0)
    yaw_deg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Where a whole scene is heard: alone within `radius_m`, gone `fade_m` further out."""

    name: str
    at_m: Vector
    radius_m: float
    fade_m: float


def smoothstep(x: float) -> float:
    """Rise from 0 to 1 as `x` does, level at both ends."""
    t = min(1.0, max(0.0, x))
    return t * t * (3.0 - 2.0 * t)


def distance_gain(distance_m: float, *, near_m: float, reach_m: float) -> float:
    """Fade with distance: 1 within `near_m`, then 6 dB a doubling, tapered to silence at `reach_m`."""
    if distance_m <= near_m:
        return 1.0
    if distance_m >= reach_m:
        return 0.0
    # A near of zero would be a point of infinite level; nobody hears closer than a hand's breadth.
    way = (distance_m - near_m) / (reach_m - near_m)
    return max(near_m, 0.1) / max(distance_m, 0.1) * (1.0 - way * way) ** 2


def pan_gains(bearing_rad: float, *, focus: float = 1.0) -> tuple[float, float]:
    """Pan with equal power: `left² + right² = 2`.

    Args:
        bearing_rad: 0 ahead, positive to the right; behind sounds as ahead.
        focus: 1 for a source with a direction, 0 for one that is everywhere.
    """
    angle = (1.0 + WIDEST_PAN * focus * math.sin(bearing_rad)) * math.pi / 4.0
    return _SQRT2 * math.cos(angle), _SQRT2 * math.sin(angle)


def bearing_of(offset_m: Vector, yaw_deg: float) -> float:
    """Angle to what lies at `offset_m` (world axes) for someone looking along `yaw_deg`, in radians."""
    return math.atan2(offset_m[0], -offset_m[2]) - math.radians(yaw_deg)


def placed_gains(
    placement: PlacementInfo,
    pose: Pose,
    *,
    channels: int,
    offset_m: Vector = (0.0, 0.0, 0.0),
    level: float = 1.0,
) -> Gains:
    """Say how a stream is heard at a pose.

    Args:
        placement: the layer's, as the daemon describes it.
        pose: the listener's.
        channels: of the stream, 1 or 2.
        offset_m: for a scatter, where its last event was placed (`LayerEvent`), in world axes.
        level: a further gain, e.g. of the scene's zone.
    """
    if placement.kind == "bed":
        return level * _around(channels)
    if placement.kind == "scatter":
        return _scattered(pose, channels, offset_m, level)
    offset = _difference(placement.at_m, pose.at_m)
    level *= distance_gain(math.hypot(*offset), near_m=placement.near_m, reach_m=placement.reach_m)
    return level * _directed(channels, bearing_of(offset, pose.yaw_deg), _focus(placement, offset))


def zone_gains(zones: Iterable[Zone], at_m: Vector) -> dict[str, float]:
    """Crossfade scenes by place with equal power (squares sum to 1); out of them all the nearest is heard."""
    beyond_m = {zone: math.dist(zone.at_m, at_m) - zone.radius_m for zone in zones}
    weights = {zone: smoothstep(1.0 - beyond / zone.fade_m) for zone, beyond in beyond_m.items()}
    total = sum(weights.values())
    if total == 0.0:
        nearest = min(beyond_m, key=beyond_m.__getitem__)
        return {zone.name: float(zone is nearest) for zone in beyond_m}
    return {zone.name: math.sqrt(weight / total) for zone, weight in weights.items()}


class Mixer:
    """Sums streams to stereo; within a block every gain walks from where it was to where it should be.

    One thread only. A stream's first block fades in from silence; to end one without a click, give it zero
    gains for its last block.
    """

    def __init__(self) -> None:
        self._last: dict[str, Gains] = {}

    def mix(self, frames: int, streams: Mapping[str, tuple[Samples, Gains]]) -> Samples:
        """Mix one block.

        Args:
            frames: how long the block is.
            streams: `(frames, channels)` samples, and where the gains should be at the end of the block, by a
                name that stays from block to block. A stream that is not named is forgotten.

        Returns:
            (frames, 2) samples, not limited.
        """
        out = np.zeros((frames, 2), np.float32)
        for name, (samples, gains) in streams.items():
            _add_ramped(samples, self._last.get(name, np.zeros_like(gains)), gains, out)
        self._last = {name: gains for name, (_, gains) in streams.items()}
        return out


def soft_limit(samples: Samples) -> Samples:
    """Keep a final mix within ±1: untouched below `LIMIT_KNEE`, above it bent smoothly, without memory."""
    over = np.abs(samples) - LIMIT_KNEE
    if not (over > 0.0).any():
        return samples
    room = 1.0 - LIMIT_KNEE
    bent = np.sign(samples) * (LIMIT_KNEE + room * np.tanh(over / room))
    return np.where(over > 0.0, bent, samples).astype(np.float32)


def _add_ramped(samples: Samples, first: Gains, last: Gains, out: Samples) -> None:
    if not (first.any() or last.any()):
        return
    if np.array_equal(first, last):
        out += samples @ last
        return
    ramp = np.arange(1, len(out) + 1, dtype=np.float32)[:, None] / np.float32(len(out))
    for channel in range(samples.shape[1]):
        out += samples[:, channel, None] * (first[channel] + (last[channel] - first[channel]) * ramp)


def _difference(a: Vector, b: Vector) -> Vector:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def _around(channels: int) -> Gains:
    return np.ones((1, 2), np.float32) if channels == 1 else np.eye(2, dtype=np.float32)


def _directed(channels: int, bearing_rad: float, focus: float) -> Gains:
    """Blend from all around (focus 0) to one direction (focus 1), and restore the power lost by blending."""
    left, right = pan_gains(bearing_rad, focus=focus)
    panned = np.full((channels, 2), (left, right), np.float32) / math.sqrt(channels)
    blend = (1.0 - focus) * _around(channels) + focus * panned
    return np.asarray(blend * (_SQRT2 / np.linalg.norm(blend)), np.float32)


def _focus(placement: PlacementInfo, offset_m: Vector) -> float:
    """Say how much of a direction a placement has: it must not flip sides as one walks through it."""
    near_m = max(placement.near_m, 0.1)
    distance_m = math.hypot(*offset_m)
    level_way = math.hypot(offset_m[0], offset_m[2]) / max(distance_m, near_m)
    if placement.kind == "area":
        return level_way * smoothstep((distance_m - near_m) / near_m)
    return level_way


def _scattered(pose: Pose, channels: int, offset_m: Vector, level: float) -> Gains:
    """Turn to an event. How far it is lies in its sound already: the daemon strikes it at that distance."""
    if math.hypot(*offset_m) == 0.0:
        return level * _around(channels)
    return level * _directed(channels, bearing_of(offset_m, pose.yaw_deg), 1.0)
