"""A scene as it is performed: its state, its open layers, and what is to change when, one block at a time.

The one engine behind the live stream and the render to files: the samples are a function of scene, seed and the
list of (frame, change), however they are asked for.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.errors import WireError
from roomtone.layers.banks import BankRoom
from roomtone.layers.player import LayerChange, LayerPlayer
from roomtone.layers.playing import Playing
from roomtone.layers.prompted import PlayingPrompt
from roomtone.layers.sources import Moment, same_source, start_source
from roomtone.names import unknown
from roomtone.scene.model import Area, Bed, Layer, Point, Scatter, Scene
from roomtone.scene.state import SceneState, advance, carry_over, morph, set_targets, start_state
from roomtone.wire.limits import MAX_FRAME

# Rendering goes on a little beyond the reach, so that a listener who paces at the border hears no switching.
_REACH_MARGIN: Final = 1.1
# The last block that begins at a frame which the protocol can name.
_LAST_BLOCK: Final = MAX_FRAME // BLOCK_FRAMES


@dataclass(frozen=True, slots=True)
class BegunBlock:
    """A block whose layers are being performed.

    Attributes:
        number: on the scene's grid of blocks.
        values: the scene state at its end.
        names: the layers that it has.
    """

    number: int
    values: Mapping[str, float]
    names: tuple[str, ...]

    @property
    def first_frame(self) -> int:
        """Where it begins on the scene's clock."""
        return self.number * BLOCK_FRAMES


@dataclass(frozen=True, slots=True)
class PerformedBlock:
    """One block of some layers, most often of all.

    Attributes:
        first_frame: on the scene's clock.
        layers: layer -> (BLOCK_FRAMES, channels) float32, or None for silence; valid until the next block.
        changes: layers that moved, or that sound from another source.
        gone: layers that a reload removed and that have now faded out; they are closed.
    """

    first_frame: int
    layers: Mapping[str, Samples | None]
    changes: tuple[LayerChange, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SceneDiff:
    """What an edited scene changes, by layer name."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def diff_scenes(old: Scene, new: Scene) -> SceneDiff:
    """Compare two versions of a scene layer by layer."""
    both = [name for name in new.layers if name in old.layers]
    changed = tuple(name for name in both if new.layers[name] != old.layers[name])
    return SceneDiff(
        added=tuple(name for name in new.layers if name not in old.layers),
        changed=changed,
        removed=tuple(name for name in old.layers if name not in new.layers),
    )


class Performance:
    """A scene being performed. One owner, one thread."""

    def __init__(
        self,
        scene: Scene,
        *,
        seed: int | None = None,
        first_frame: int = 0,
        values: Mapping[str, float] | None = None,
    ) -> None:
        """Start a scene's clock.

        Args:
            scene: what is performed.
            seed: replaces the scene's own.
            first_frame: where the clock starts, rounded up to the grid of blocks.
            values: parameters that start elsewhere than at their default.

        Raises:
            WireError: `values` names an unknown parameter or is not finite.
        """
        self.scene = scene
        self.seed = scene.seed if seed is None else seed
        first_block = -(-first_frame // BLOCK_FRAMES)
        self._state = start_state(scene, seed=self.seed, first_block=first_block, values=values or {})
        self._players: dict[str, LayerPlayer] = {}
        self._planned: list[tuple[int, int, Callable[[SceneState], SceneState]]] = []
        self._plans_made = 0
        self._followers: Mapping[str, tuple[str, ...]] | None = None
        self._listener_m: tuple[float, float, float] | None = None

    @property
    def frame(self) -> int:
        """The first frame of the next block."""
        return self._state.block * BLOCK_FRAMES

    @property
    def values(self) -> Mapping[str, float]:
        """Every parameter as it is heard now."""
        return self._state.values

    def values_in(self, new: Scene) -> dict[str, float]:
        """Say where the parameters of an edited scene will stand: as they are heard, or at their default."""
        return {name: self.values.get(name, parameter.default) for name, parameter in new.parameters.items()}

    @property
    def planned(self) -> int:
        """How many changes wait for their frame."""
        return len(self._planned)

    @property
    def targets(self) -> Mapping[str, float]:
        """Every parameter as it was last asked for."""
        return self._state.targets

    @property
    def state(self) -> SceneState:
        """The scene's state as of the last block."""
        return self._state

    def prompts(self) -> dict[str, PlayingPrompt]:
        """List the open layers that a model makes, by name."""
        sources = {name: player.source for name, player in self._players.items()}
        return {name: source for name, source in sources.items() if isinstance(source, PlayingPrompt)}

    def audible(self, layer: str) -> bool:
        """Whether an open layer sounded in the last block."""
        return self._players[layer].audible

    def level_db(self, layer: str) -> float:
        """RMS of an open layer's last block, minus infinity for silence."""
        return self._players[layer].level_db

    # Layers ---------------------------------------------------------------------------------------

    def open(self, layer: str, banks: BankRoom | None = None) -> int:
        """Make a layer's source and add it; slow, for renders to files. Returns its channels."""
        self.check_layer(layer)
        moment = Moment(first_frame=self.frame, values=self.values, whole=True)
        source = start_source(self.scene, layer, seed=self.seed, banks=banks, moment=moment)
        return self.add(layer, source)

    def check_layer(self, layer: str) -> None:
        """Refuse a layer that does not exist.

        Raises:
            WireError: `request.unknown-layer`.
        """
        if layer not in self.scene.layers:
            raise unknown(
                WireError,
                "request.unknown-layer",
                kind="layer",
                name=layer,
                known=self.scene.layers,
                at="layer",
            )

    def channels(self, layer: str) -> int:
        """Return the channels of an open layer."""
        return self._players[layer].channels

    def add(self, layer: str, source: Playing) -> int:
        """Add a layer whose source is ready; it sounds from the next block. Returns its channels."""
        # The file may have been edited since the source was made.
        source.bind(self.scene.layers[layer], self.scene.parameters)
        player = LayerPlayer(self.scene.layers[layer], source, seed=self.seed, block=self._state.block)
        self._players[layer] = player
        self._followers = None
        self._look_around()
        return player.channels

    def close(self, layer: str) -> None:
        """Drop a layer at once: its client has faded it."""
        del self._players[layer]
        self._followers = None

    def listen_at(self, at_m: tuple[float, float, float]) -> None:
        """Stop rendering what is out of the listener's reach, and start again what is within."""
        self._listener_m = at_m
        self._look_around()

    def _look_around(self) -> None:
        if self._listener_m is not None:
            for player in self._players.values():
                player.in_reach = _within_reach(player.layer, self._listener_m)

    # Parameters -----------------------------------------------------------------------------------

    def set(self, values: Mapping[str, float], at_frame: int = 0) -> int:
        """Move parameters, all in the same block: the first at or after `at_frame` that is not rendered yet.

        Returns:
            The first frame of that block.

        Raises:
            WireError: `request.unknown-parameter`; nothing is applied.
        """
        wanted = dict(values)
        moved = set_targets(self.scene, self._up_to_date(), wanted)
        return self._move(
            moved, at_frame, lambda state: set_targets(self.scene, state, _known(self.scene, wanted))
        )

    def morph(self, mood: str, over_s: float, at_frame: int = 0) -> int:
        """Move to a mood over a time, from the first block at or after `at_frame`; see `set`."""
        moved = morph(self.scene, self._up_to_date(), mood, over_s)
        return self._move(
            moved,
            at_frame,
            lambda state: morph(self.scene, state, mood, over_s) if mood in self.scene.moods else state,
        )

    def _move(self, moved: SceneState, at_frame: int, later: Callable[[SceneState], SceneState]) -> int:
        """Go on from `moved`, or plan the same for a block that is still ahead."""
        block = max(self._state.block, min(-(-at_frame // BLOCK_FRAMES), _LAST_BLOCK))
        if block == self._state.block:
            self._state = moved
        else:
            self._plans_made += 1
            self._planned.append((block, self._plans_made, later))
            self._planned.sort(key=lambda plan: plan[:2], reverse=True)
        return block * BLOCK_FRAMES

    def _up_to_date(self) -> SceneState:
        """Carry out what is planned for the next block, and return the state."""
        while self._planned and self._planned[-1][0] <= self._state.block:
            self._state = self._planned.pop()[2](self._state)
        return self._state

    # Blocks ---------------------------------------------------------------------------------------

    def render(self) -> PerformedBlock:
        """Perform the next block of every open layer."""
        begun = self.begin_block()
        return self.play(begun, begun.names)

    def begin_block(self) -> BegunBlock:
        """Move the scene state one block on. Each of its layers must then be played once, block after block."""
        number = self._state.block
        self._state = advance(self.scene, self._up_to_date())
        return BegunBlock(number, self._state.values, tuple(self._players))

    def play(self, begun: BegunBlock, names: Iterable[str]) -> PerformedBlock:
        """Perform some layers of a block; layers do not hear each other, so any order of them is the same."""
        layers: dict[str, Samples | None] = {}
        changes: list[LayerChange] = []
        gone: list[str] = []
        for name in names:
            player = self._players.get(name)
            if player is None:
                continue
            layers[name], changed = player.render(begun.values, begun.number)
            changes += changed
            if player.gone:
                gone.append(name)
                self.close(name)
        return PerformedBlock(begun.first_frame, layers, tuple(changes), tuple(gone))

    def followers(self, parameters: Iterable[str]) -> tuple[str, ...]:
        """Name the open layers that are steered by any of these parameters."""
        if self._followers is None:
            self._followers = {
                parameter: tuple(
                    name for name, player in self._players.items() if parameter in player.follows
                )
                for parameter in self.scene.parameters
            }
        index = self._followers
        return tuple(dict.fromkeys(name for parameter in parameters for name in index.get(parameter, ())))

    # Hot reload -----------------------------------------------------------------------------------

    def sources_to_start(self, new: Scene) -> tuple[str, ...]:
        """Name the open layers that `replace` needs a new source for."""
        return tuple(
            name
            for name, player in self._players.items()
            if name in new.layers and not same_source(player.layer, new.layers[name])
        )

    def replace(self, new: Scene, sources: Mapping[str, Playing]) -> None:
        """Go on with an edited scene from the next block: what is the same is not touched.

        Args:
            new: the edited scene.
            sources: for every layer in `sources_to_start(new)`, its new source.
        """
        self._state = carry_over(self.scene, self._state, new)
        same_parameters = self.scene.parameters == new.parameters
        self.scene = new
        self._followers = None
        block = self._state.block
        for name, player in self._players.items():
            if name not in new.layers:
                player.leave()
            elif name in sources:
                player.hand_over(new.layers[name], sources[name], block)
            elif player.layer != new.layers[name] or player.leaving or not same_parameters:
                player.rebind(new.layers[name], new.parameters, block)
        self._look_around()


def _known(scene: Scene, values: Mapping[str, float]) -> dict[str, float]:
    """Keep what still exists: a reload may come between a plan and its frame."""
    return {name: value for name, value in values.items() if name in scene.parameters}


def _within_reach(layer: Layer, at_m: tuple[float, float, float]) -> bool:
    match layer.placement:
        case Bed() | Scatter():
            return True
        case Point(at_m=place, reach_m=reach_m) | Area(at_m=place, reach_m=reach_m):
            return math.dist(place, at_m) <= reach_m * _REACH_MARGIN
