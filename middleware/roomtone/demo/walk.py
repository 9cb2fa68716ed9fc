"""Taking the walk: a game's loop, in real time, against a daemon of its own."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.client import Client, Layer, Scene
from roomtone.demo.story import CAPTIONS, PLACES, Place, listener_at, scene_levels
from roomtone.mixing import Gains, Mixer, Pose, placed_gains
from roomtone.wire.messages import PlacementInfo, Stats

# A game moves its parameters with its picture, and tells where it is a little less often.
_STEER_BLOCKS: Final = 2
_LISTENER_BLOCKS: Final = 20

Say = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Recording:
    """What was heard, and why, one row a block.

    Attributes:
        sound: (frames, 2), as mixed, not limited.
        at_m: (blocks, 2) where the listener was: x and z in the world.
        yaw_deg: (blocks,)
        levels: scene -> (blocks,) its share in the crossfade.
        heard: (scene, layer) -> (blocks,) RMS at the ear, linear.
        asked: (scene, parameter) -> (blocks,) what the game asked for.
        placements: scene -> layer -> where it belongs.
    """

    sound: Samples
    at_m: NDArray[np.float64]
    yaw_deg: NDArray[np.float64]
    levels: Mapping[str, NDArray[np.float64]]
    heard: Mapping[tuple[str, str], NDArray[np.float64]]
    asked: Mapping[tuple[str, str], NDArray[np.float64]]
    placements: Mapping[str, Mapping[str, PlacementInfo]]

    @property
    def blocks(self) -> int:
        """How long it is."""
        return len(self.yaw_deg)


@dataclass(slots=True)
class _Open:
    """One scene of the walk, opened."""

    place: Place
    scene: Scene
    layers: dict[str, Layer]
    level: float = 0.0


def take_walk(client: Client, seconds: float, say: Say) -> tuple[Recording, Stats]:
    """Walk for `seconds` of real time.

    Returns:
        What was heard, and how the daemon did meanwhile.
    """
    opened = [_open(client, place) for place in PLACES]
    client.daemon_stats()
    walk = _Walk(opened, blocks=round(seconds / BLOCK_S))
    captions = list(CAPTIONS)
    for block in _in_real_time(walk.blocks):
        while captions and captions[0][0] <= block / walk.blocks:
            say(f"{block * BLOCK_S:6.1f} s  {captions.pop(0)[1]}")
        walk.step(block)
    return walk.recording(), client.daemon_stats()


def _open(client: Client, place: Place) -> _Open:
    scene = client.open_scene(place.name, seed=place.seed, values=place.values(0.0))
    opened = _Open(place, scene, scene.open_layers())
    scene.buffer()
    return opened


def _in_real_time(blocks: int) -> Iterator[int]:
    """Count blocks as an audio device would ask for them: each at its time, late ones at once."""
    started_s = time.perf_counter()
    for block in range(blocks):
        ahead_s = started_s + block * BLOCK_S - time.perf_counter()
        if ahead_s > 0.0:
            time.sleep(ahead_s)
        yield block


class _Walk:
    """The state of a walk in progress."""

    def __init__(self, opened: list[_Open], blocks: int) -> None:
        self.blocks = blocks
        self._opened = opened
        self._mixer = Mixer()
        self._sound: list[Samples] = []
        self._at_m = np.zeros((blocks, 2))
        self._yaw_deg = np.zeros(blocks)
        self._levels = {one.place.name: np.zeros(blocks) for one in opened}
        self._heard = {(one.place.name, layer): np.zeros(blocks) for one in opened for layer in one.layers}
        self._asked = {
            (one.place.name, name): np.zeros(blocks) for one in opened for name in one.place.course
        }

    def step(self, block: int) -> None:
        """Be one block further on."""
        share = block / self.blocks
        pose = listener_at(share)
        self._at_m[block], self._yaw_deg[block] = (pose.at_m[0], pose.at_m[2]), pose.yaw_deg
        levels = scene_levels(pose)
        streams: dict[str, tuple[Samples, Gains]] = {}
        for one in self._opened:
            level = levels[one.place.name]
            self._levels[one.place.name][block] = level
            values = one.place.values(share)
            for name, value in values.items():
                self._asked[one.place.name, name][block] = value
            # What is not heard is not read: it gets no credit and costs nothing. A scene that has just faded out
            # is read once more, so that its last block can end in silence.
            if level > 0.0 or one.level > 0.0:
                self._steer(one, block, values, pose)
                streams |= self._hear(one, block, pose, level)
            one.level = level
        self._sound.append(self._mixer.mix(BLOCK_FRAMES, streams))

    def recording(self) -> Recording:
        """Return what has been heard."""
        return Recording(
            sound=np.concatenate(self._sound),
            at_m=self._at_m,
            yaw_deg=self._yaw_deg,
            levels=self._levels,
            heard=self._heard,
            asked=self._asked,
            placements={
                one.place.name: {name: layer.placement for name, layer in one.layers.items()}
                for one in self._opened
            },
        )

    def _steer(self, one: _Open, block: int, values: Mapping[str, float], pose: Pose) -> None:
        if block % _STEER_BLOCKS == 0:
            one.scene.steer(values)
        if block % _LISTENER_BLOCKS == 0:
            one.scene.listener(one.place.pose(pose).at_m)

    def _hear(self, one: _Open, block: int, pose: Pose, level: float) -> dict[str, tuple[Samples, Gains]]:
        streams = {}
        here = one.place.pose(pose)
        for name, samples in one.scene.read(BLOCK_FRAMES).items():
            layer = one.layers[name]
            gains = placed_gains(
                layer.placement, here, channels=layer.channels, offset_m=layer.offset_m, level=level
            )
            streams[f"{one.place.name}/{name}"] = (samples, gains)
            self._heard[one.place.name, name][block] = float(np.sqrt(np.mean((samples @ gains) ** 2)))
        return streams
