"""One open scene as the client knows it: what it is, where it was told to go, what has arrived of it."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from roomtone.client.playback import Playback, Stream
from roomtone.wire.messages import (
    Credit,
    LayerInfo,
    Listener,
    Morph,
    OpenLayer,
    ParameterInfo,
    Request,
    SceneChanged,
    SceneOpened,
    Set,
    Vector,
)


@dataclass(slots=True)
class Steering:
    """Where a scene's parameters were last told to go, so that a daemon that starts anew can be told again.

    A mood's values stand only in the scene's file: it is remembered by name, with what was set after it.

    Attributes:
        values: targets that were set, whenever.
        mood: the last mood, or empty.
        until_s: when the morph to it is complete, on `time.monotonic`.
        after: targets that were set since that mood.
    """

    values: dict[str, float] = field(default_factory=dict)
    mood: str = ""
    until_s: float = 0.0
    after: dict[str, float] = field(default_factory=dict)

    def set(self, values: Mapping[str, float]) -> None:
        """Note targets."""
        self.values = {**self.values, **values}
        self.after = {**self.after, **values} if self.mood else {}

    def morph(self, mood: str, over_s: float) -> None:
        """Note a mood, which takes over every parameter that it names."""
        self.mood, self.until_s, self.after = mood, time.monotonic() + over_s, {}

    def keep(self, parameters: Mapping[str, object], moods: tuple[str, ...]) -> None:
        """Forget what an edited scene no longer has."""
        self.values = {name: value for name, value in self.values.items() if name in parameters}
        self.after = {name: value for name, value in self.after.items() if name in parameters}
        self.mood = self.mood if self.mood in moods else ""


@dataclass(slots=True, eq=False)
class SceneRecord:
    """One open scene.

    Attributes:
        handle: its number on the wire; another one after the daemon has started anew.
        described: its parameters, moods, layers and neighbours as they are now.
        updates: (frame, when it was asked for) of changes whose sound has not arrived yet.
        requested: layers that were asked for in words, which no scene file has: a daemon that starts anew must be
            asked again.
    """

    name: str
    seed: int | None
    handle: int
    described: SceneOpened | SceneChanged
    playback: Playback
    steering: Steering
    listener_m: Vector | None = None
    updates: list[tuple[int, float]] = field(default_factory=list)
    requested: dict[str, Request] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, ParameterInfo]:
        """Every parameter by name."""
        return {info.name: info for info in self.described.parameters}

    @property
    def layers(self) -> dict[str, LayerInfo]:
        """Every layer that can be opened, by name."""
        return {info.name: info for info in self.described.layers}

    def steer(self, values: Mapping[str, float]) -> None:
        """Note targets that the daemon will accept."""
        known = self.parameters
        self.steering.set({n: v for n, v in values.items() if n in known and math.isfinite(v)})

    def describe(self, described: SceneOpened | SceneChanged) -> None:
        """Take the scene as it is now."""
        self.described = described
        self.steering.keep(self.parameters, described.moods)

    def credit(self) -> Credit:
        """Say how far the daemon may go and how far it came."""
        until_frame, received_frame = self.playback.credit()
        return Credit(scene=self.handle, until_frame=until_frame, received_frame=received_frame)

    def open_again(self, stream: Stream, scene: int, request: int) -> OpenLayer | Request:
        """Ask a daemon that starts anew for a stream that was open."""
        channels: Literal[1, 2] = 2 if stream.channels == 2 else 1
        asked = self.requested.get(stream.layer)
        if asked is not None:
            return replace(asked, id=request, scene=scene, format=stream.format, channels=channels)
        return OpenLayer(id=request, scene=scene, layer=stream.layer, format=stream.format, channels=channels)

    def whereabouts(self) -> list[Credit | Listener]:
        """Say, on a new connection, what needs no answer."""
        if self.listener_m is None:
            return [self.credit()]
        return [Listener(scene=self.handle, at_m=self.listener_m), self.credit()]

    def mood_again(self, morph_id: int, set_id: int) -> list[Morph | Set]:
        """Say, to a daemon that started anew, what its opening values could not."""
        steering = self.steering
        if not steering.mood:
            return []
        over_s = max(0.0, steering.until_s - time.monotonic())
        morph = Morph(id=morph_id, scene=self.handle, mood=steering.mood, over_s=over_s)
        return (
            [morph, Set(id=set_id, scene=self.handle, values=steering.after)] if steering.after else [morph]
        )
