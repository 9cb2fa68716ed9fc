"""`roomtone play`: hear a scene on this computer, move it with keys, and hear edits of its file at once.

A daemon of its own serves the scene's folder and this is a client like any other, so what is heard is what a game gets.
"""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Protocol

from roomtone.audio import Samples
from roomtone.client import Client, Event, Layer, Scene
from roomtone.client.private_daemon import PrivateDaemon
from roomtone.mixing import Gains, Mixer, Pose, placed_gains, soft_limit
from roomtone.play.desk import Action, Desk, Morph, Move
from roomtone.play.keys import QUIT, Keyboard, NoKeyboard
from roomtone.play.speaker import Fill, Speaker
from roomtone.scene.files import load_scene
from roomtone.scene.model import Scene as SceneModel
from roomtone.synths.catalogue import catalogue
from roomtone.wire.messages import Error, SceneChanged

AHEAD_MS: Final = 80.0
MORPH_S: Final = 4.0
_LOOK_S: Final = 0.2
_HELP: Final = "1-9 or ←→ choose · ↑↓ or +- move · m next mood · q quit"


class Keys(Protocol):
    """Where keys come from."""

    def read(self, wait_s: float) -> str:
        """Return a key's name, or an empty string when none comes within `wait_s`."""


def play_scene(
    path: Path,
    *,
    values: Mapping[str, float],
    speaker: Callable[[Fill], AbstractContextManager[object]] = Speaker,
    keyboard: AbstractContextManager[Keys] | None = None,
) -> int:
    """Play a scene until someone quits; returns the exit code.

    Args:
        path: the scene's file; its folder is served.
        values: parameters that start elsewhere than at their default.
        speaker: made with a function that returns samples; plays them while it is open.
        keyboard: where keys come from; by default the terminal.

    Raises:
        SettingsError: there is nothing to play with; see `speaker`.
        SceneErrors: the file cannot be used.
        WireError: `values` names what the scene does not have.
    """
    _load(path)
    with (
        PrivateDaemon(path.parent) as daemon,
        Client.connect(
            daemon.endpoint, token=daemon.token, ahead_ms=AHEAD_MS, name="roomtone play"
        ) as client,
    ):
        show = Show(client, path, values)
        with speaker(show.fill), keyboard or _keyboard() as keys:
            _say(f"{show.scene.name}: {len(show.scene.layers)} layers; edit {path} and hear it. {_HELP}\n")
            show.run(keys)
    return 0


class Show:
    """A scene that is being played. `fill` belongs to the sound system's thread, the rest to the caller's."""

    def __init__(self, client: Client, path: Path, values: Mapping[str, float]) -> None:
        self._client, self._path = client, path
        self.scene: Scene = client.open_scene(path.stem, values=values)
        self._layers: dict[str, Layer] = self.scene.open_layers()
        self._mixer = Mixer()
        self.desk = self._desk()
        self.scene.buffer()

    def fill(self, frames: int) -> Samples:
        """Return what is heard next at the scene's origin."""
        streams: dict[str, tuple[Samples, Gains]] = {}
        layers = self._layers
        for name, samples in self.scene.read(frames).items():
            if name in layers:
                layer = layers[name]
                gains = placed_gains(
                    layer.placement, Pose(), channels=layer.channels, offset_m=layer.offset_m
                )
                streams[name] = (samples, gains)
        return soft_limit(self._mixer.mix(frames, streams))

    def run(self, keys: Keys) -> None:
        """Act on keys and events until someone quits."""
        self._show()
        while (key := keys.read(_LOOK_S)) != QUIT:
            if key:
                self.desk, action = self.desk.press(key)
                self._tell(action)
                self._show()
            for news in self._news():
                _say(f"\r{news:<{_width()}}\n")
                self._show()
        _say("\n")

    def _tell(self, action: Action) -> None:
        match action:
            case Move():
                self.scene.steer({action.name: action.value})
            case Morph():
                self.scene.morph(action.mood, MORPH_S)

    def _news(self) -> Iterator[str]:
        for event in self._client.events():
            yield from self._take(event)

    def _take(self, event: Event) -> Iterator[str]:
        match event:
            case SceneChanged():
                opened = {name: self.scene.open_layer(name) for name in event.added}
                self._layers = {**self._layers, **opened}
                self.desk = self._desk()
                parts = {"new": event.added, "changed": event.changed, "gone": event.removed}
                yield "edited: " + (
                    "; ".join(f"{k} {', '.join(v)}" for k, v in parts.items() if v) or "no layer"
                )
            case Error():
                yield f"{event.at or 'error'}: {event.what}; {event.fix} [{event.code}]"

    def _desk(self) -> Desk:
        return Desk.of(tuple(self.scene.parameters.values()), _load(self._path).moods)

    def _show(self) -> None:
        width = _width()
        _say(f"\r{self.desk.line(width):<{width}}")


def _load(path: Path) -> SceneModel:
    return load_scene(path, root=path.parent, catalogue=catalogue())


def _keyboard() -> AbstractContextManager[Keys]:
    return Keyboard() if sys.stdin.isatty() else NoKeyboard()


def _width() -> int:
    return shutil.get_terminal_size().columns - 1


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
