"""What a well-shaped scene file still gets wrong: names that lead nowhere, values that contradict each other."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final

from roomtone.names import did_you_mean
from roomtone.scene.clips import Refusal, find_clip
from roomtone.scene.findings import Findings
from roomtone.scene.model import Catalogue, Slot, SynthEntry
from roomtone.scene.names import shown
from roomtone.scene.prompts import PromptFault, read_prompt_pieces
from roomtone.scene.schema import (
    MAX_GAIN_DB,
    MIN_GAIN_DB,
    AreaShape,
    ControlFollow,
    GainFollow,
    LayerShape,
    ParameterShape,
    PlacementShape,
    PointShape,
    ScatterShape,
    SceneShape,
    StandInShape,
)
from roomtone.scene.yaml_tree import Path as Place
from roomtone.scene.yaml_tree import Tree

# What else a layer may have beside each kind of source.
_KEYS_OF: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "synth": ("controls",),
        "clips": ("crossfade_s",),
        "prompt": (
            "stand_in",
            "model",
            "negative",
            "variations",
            "seconds",
            "loop",
            "steps",
            "guidance",
            "melody",
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a scene file can refer to: its own name, the scenes folder and what lies there, the synths."""

    stem: str
    root: Path
    scenes: Collection[str]
    catalogue: Catalogue


def check(shape: SceneShape, tree: Tree, around: Surroundings, findings: Findings) -> None:
    """Note every mistake of meaning in a scene whose shape is sound."""
    _Check(shape, tree, around, findings).scene()


@dataclass(frozen=True, slots=True)
class _Check:
    shape: SceneShape
    tree: Tree
    around: Surroundings
    findings: Findings

    def _note(self, code: str, place: Place, what: str, fix: str) -> None:
        self.findings.add(code, self.tree.mark(place), what=what, fix=fix)

    def _note_key(self, code: str, place: Place, what: str, fix: str) -> None:
        self.findings.add(code, self.tree.key_mark(place), what=what, fix=fix)

    def scene(self) -> None:
        if self.shape.scene != self.around.stem:
            what = f"the scene is called {shown(self.shape.scene)}, its file {shown(self.around.stem)}"
            self._note("scene.name-differs", ("scene",), what, "give both the same name")
        for name, parameter in self.shape.parameters.items():
            self._parameter(("parameters", name), parameter)
        for mood, values in self.shape.moods.items():
            for name, value in values.items():
                self._mood_value(("moods", mood, name), name, value)
        for name, layer in self.shape.layers.items():
            self._layer(("layers", name), layer)
        self._neighbours()

    def _neighbours(self) -> None:
        for i, name in enumerate(self.shape.neighbours):
            if name not in self.around.scenes:
                others = [scene for scene in self.around.scenes if scene != self.around.stem]
                what = f"there is no scene {shown(name)} in the scenes folder"
                self._note("scene.unknown-neighbour", ("neighbours", i), what, did_you_mean(name, others))

    # Parameters and moods ----------------------------------------------------------------------

    def _parameter(self, place: Place, parameter: ParameterShape) -> None:
        low, high = parameter.range
        if low >= high:
            what = f"the range [{low:g}, {high:g}] does not rise"
            self._note("scene.range-order", (*place, "range"), what, "write [lowest, highest]")
        elif not low <= parameter.default <= high:
            what = f"default = {parameter.default:g} is outside the range [{low:g}, {high:g}]"
            self._note("scene.default-range", (*place, "default"), what, "move it inside, or widen the range")

    def _mood_value(self, place: Place, name: str, value: float) -> None:
        if not self._is_parameter(place, name, at_key=True):
            return
        parameter = self.shape.parameters.get(name)
        low, high = parameter.range if parameter else (value, value)
        if low >= high or low <= value <= high:
            return
        what = f"{name} = {value:g} is outside its range [{low:g}, {high:g}]"
        self._note("scene.mood-range", place, what, "move it inside, or widen the range")

    def _is_parameter(self, place: Place, name: str, *, at_key: bool = False) -> bool:
        """Tell whether the file has the parameter, even one with mistakes of its own; note it if not."""
        if ("parameters", name) in self.tree.values:
            return True
        known = self.tree.children.get(("parameters",), ())
        note = self._note_key if at_key else self._note
        note(
            "scene.unknown-parameter",
            place,
            f"there is no parameter {shown(name)}",
            did_you_mean(name, known),
        )
        return False

    # Layers ------------------------------------------------------------------------------------

    def _layer(self, place: Place, layer: LayerShape) -> None:
        self._source(place, layer)
        self._gain((*place, "gain_db"), layer.gain_db)
        self._placement((*place, "placement"), layer.placement)

    def _source(self, place: Place, layer: LayerShape) -> None:
        kinds = [kind for kind in _KEYS_OF if (*place, kind) in self.tree.keys]
        if not kinds:
            what, ways = f"the layer {shown(place[-1])} has no source", "'synth: NAME' or 'clips: [FILE, …]'"
            self._note_key("scene.no-source", place, what, f"add {ways} or 'prompt: WORDS'")
        for kind in kinds[1:]:
            what = f"the layer has both {kinds[0]} and {kind}"
            self._note_key("scene.two-sources", (*place, kind), what, "keep one, or make two layers")
        self._misplaced_keys(place, kinds)
        if layer.synth:
            self._synth(place, layer.synth, layer.controls)
        if layer.prompt:
            self._prompt(place, layer)
        for i, clip in enumerate(layer.clips):
            self._recording((*place, "clips", i), clip)
        if layer.melody:
            self._recording((*place, "melody"), layer.melody)

    def _misplaced_keys(self, place: Place, kinds: Sequence[str]) -> None:
        for kind, keys in _KEYS_OF.items():
            for key in keys if kinds and kind not in kinds else ():
                if (*place, key) in self.tree.keys:
                    what = f"{key} belongs to a layer with {kind}"
                    self._note_key("scene.misplaced-key", (*place, key), what, "remove it")

    def _recording(self, place: Place, clip: str) -> None:
        found = find_clip(clip, self.around.root)
        if isinstance(found, Refusal):
            self._note(found.code, place, found.what, found.fix)

    def _synth(self, place: Place, synth: str, controls: Mapping[str, float | str | ControlFollow]) -> None:
        entry = self.around.catalogue.get(synth)
        for name, binding in controls.items():
            self._control((*place, "controls", name), binding, entry)
        if entry is None:
            fix = did_you_mean(synth, self.around.catalogue)
            self._note("scene.unknown-synth", (*place, "synth"), f"there is no synth {shown(synth)}", fix)
            return
        for control in self.tree.children.get((*place, "controls"), ()):
            if control not in entry.controls:
                what = f"the synth '{synth}' has no control {shown(control)}"
                where = (*place, "controls", control)
                self._note_key("scene.unknown-control", where, what, did_you_mean(control, entry.controls))

    def _prompt(self, place: Place, layer: LayerShape) -> None:
        pieces = read_prompt_pieces(layer.prompt)
        if isinstance(pieces, PromptFault):
            self._note("scene.prompt", (*place, "prompt"), pieces.what, pieces.fix)
        else:
            for slot in (piece for piece in pieces if isinstance(piece, Slot)):
                self._is_parameter((*place, "prompt"), slot.parameter)
        match layer.stand_in:
            case StandInShape() as one:
                self._synth((*place, "stand_in"), one.synth, one.controls)
            case several:
                for i, each in enumerate(several):
                    self._synth((*place, "stand_in", i), each.synth, each.controls)
        if (*place, "stand_in") not in self.tree.keys:
            what = f"nothing is heard of {shown(place[-1])} until its clips are made"
            self._note_key("scene.no-stand-in", place, what, "add 'stand_in: {synth: NAME}'")

    def _placement(self, place: Place, placement: PlacementShape) -> None:
        match placement:
            case PointShape(near_m=near_m, reach_m=reach_m):
                self._reach(place, "near_m", near_m, reach_m)
            case AreaShape(radius_m=radius_m, reach_m=reach_m):
                self._reach(place, "radius_m", radius_m, reach_m)
            case ScatterShape():
                self._scatter(place, placement)

    def _reach(self, place: Place, key: str, full_m: float, reach_m: float) -> None:
        if reach_m <= full_m:
            what = f"reach_m = {reach_m:g} is not beyond {key} = {full_m:g}"
            where = (*place, "reach_m") if (*place, "reach_m") in self.tree.keys else (*place, key)
            self._note("scene.reach", where, what, f"set reach_m to more than {full_m:g}")

    def _scatter(self, place: Place, scatter: ScatterShape) -> None:
        for key, (first, second) in (("every_s", scatter.every_s), ("distance_m", scatter.distance_m)):
            if first > second:
                what = f"{key} = [{first:g}, {second:g}] falls"
                self._note("scene.range-order", (*place, key), what, "write the smaller number first")

    # Bindings ----------------------------------------------------------------------------------

    def _control(self, place: Place, binding: float | str | ControlFollow, synth: SynthEntry | None) -> None:
        control = str(place[-1])
        settings = synth.settings.get(control, {}) if synth is not None else {}
        # An hour of the game's may be an hour of the birds': both come round.
        wraps = synth is not None and control in synth.wraps
        match binding:
            case str() if binding in settings:
                self._not_both(place, binding)
            case str() if settings and ("parameters", binding) not in self.tree.values:
                known = (*self.tree.children.get(("parameters",), ()), *settings)
                what = f"{shown(binding)} is neither a parameter nor a setting of '{control}'"
                self._note("scene.unknown-setting", place, what, did_you_mean(binding, known))
            case str():
                self._followed_without_curve(place, binding, wraps=wraps)
            case ControlFollow(from_=name, curve=()):
                self._followed_without_curve((*place, "from"), name, wraps=wraps)
            case ControlFollow(from_=name, curve=curve):
                self._followed((*place, "from"), name)
                self._curve((*place, "curve"), name, curve, between=(0.0, 1.0), code="scene.range")

    def _not_both(self, place: Place, name: str) -> None:
        """Note a setting that has the name of a parameter: either could be meant."""
        if ("parameters", name) in self.tree.values:
            what = f"'{name}' is a parameter and a setting of '{place[-1]}'"
            self._note("scene.ambiguous-setting", place, what, "give the parameter another name")

    def _gain(self, place: Place, binding: float | str | GainFollow) -> None:
        match binding:
            case str():
                self._gain_without_curve(place, binding)
            case GainFollow(from_=name, curve=()):
                self._gain_without_curve((*place, "from"), name)
            case GainFollow(from_=name, curve=curve):
                self._followed((*place, "from"), name)
                bounds = (MIN_GAIN_DB, MAX_GAIN_DB)
                self._curve((*place, "curve"), name, curve, between=bounds, code="scene.gain-range")

    def _followed(self, place: Place, name: str) -> ParameterShape | None:
        return self.shape.parameters.get(name) if self._is_parameter(place, name) else None

    def _followed_without_curve(self, place: Place, name: str, *, wraps: bool) -> None:
        parameter = self._followed(place, name)
        if parameter is not None and parameter.wraps and not wraps:
            low, high = parameter.range
            what = f"'{name}' wraps, so following it directly would jump where its range ends"
            fix = f"write {{from: {name}, curve: [[{low:g}, 0], …, [{high:g}, 0]]}}"
            self._note("scene.needs-curve", place, what, fix)

    def _gain_without_curve(self, place: Place, name: str) -> None:
        parameter = self._followed(place, name)
        if parameter is None:
            return
        low, high = parameter.range
        if parameter.unit != "dB" or parameter.wraps:
            what = f"gain_db follows '{name}', which is not in dB"
            fix = f"write {{from: {name}, curve: [[{low:g}, -60], [{high:g}, 0]]}}, or give '{name}' the unit dB"
            self._note("scene.needs-curve", place, what, fix)
        elif high > MAX_GAIN_DB:
            what = f"gain_db follows '{name}', whose range goes to {high:g}, above {MAX_GAIN_DB:g}"
            self._note("scene.gain-range", place, what, f"end its range at {MAX_GAIN_DB:g} or less")

    def _curve(
        self,
        place: Place,
        name: str,
        curve: tuple[tuple[float, ...], ...],
        *,
        between: tuple[float, float],
        code: str,
    ) -> None:
        for i in _not_rising(curve):
            what = f"the curve goes from x = {curve[i - 1][0]:g} to {curve[i][0]:g}"
            self._note("scene.curve-order", (*place, i), what, "let x rise from point to point")
        for i, (_, y) in enumerate(curve):
            if not between[0] <= y <= between[1]:
                what = f"the curve's value {y:g} is outside {between[0]:g} to {between[1]:g}"
                self._note(code, (*place, i, 1), what, "move it inside")
        parameter = self.shape.parameters.get(name)
        if parameter is not None and parameter.wraps and curve[0][1] != curve[-1][1]:
            what = f"'{name}' wraps, but the curve ends at {curve[-1][1]:g} and begins at {curve[0][1]:g}"
            self._note("scene.curve-wrap", place, what, "let both ends have the same value")


def _not_rising(curve: tuple[tuple[float, ...], ...]) -> Iterator[int]:
    return (i for i, (a, b) in enumerate(pairwise(curve), start=1) if b[0] <= a[0])
