"""What a layer's binding is worth, given the scene state's values."""

from collections.abc import Callable, Mapping

from roomtone.audio import SILENCE_DB, db_to_gain
from roomtone.scene.model import Binding, Constant, Follow, Layer, Parameter, PromptSource, SynthSource

Read = Callable[[Mapping[str, float]], float]


def constantly(value: float) -> Read:
    """Read the same value whatever the scene's state."""
    return lambda _: value


def reader(binding: Binding) -> Read:
    """Compile a binding into a function of the scene state's values.

    A `Follow` with a curve goes through it; without one the parameter's own value is taken.
    """
    if isinstance(binding, Constant):
        return constantly(binding.value)
    name, curve = binding.parameter, binding.curve
    if curve is None:
        return lambda values: values[name]
    at = curve.at
    return lambda values: at(values[name])


def control_reader(binding: Binding, parameters: Mapping[str, Parameter]) -> Read:
    """Compile a control's binding: like `reader`, kept within 0 to 1.

    A parameter that is followed without a curve is scaled from its own range to 0 to 1.
    """
    read = reader(binding)
    low, span = 0.0, 1.0
    if not isinstance(binding, Constant) and binding.curve is None:
        parameter = parameters[binding.parameter]
        low, span = parameter.low, parameter.high - parameter.low
    return lambda values: min(1.0, max(0.0, (read(values) - low) / span))


def gain_reader(binding: Binding) -> Read:
    """Compile a gain binding in dB into a linear gain; below audibility it is none at all."""
    if isinstance(binding, Constant):
        return constantly(_audible_gain(binding.value))
    read_db = reader(binding)
    return lambda values: _audible_gain(read_db(values))


def _audible_gain(db: float) -> float:
    return db_to_gain(db) if db > SILENCE_DB else 0.0


def followed_parameters(layer: Layer) -> frozenset[str]:
    """Name the parameters that steer a layer."""
    match layer.source:
        case SynthSource(controls=controls):
            bindings, slots = [*controls.values()], []
        case PromptSource(stand_in=parts):
            bindings = [binding for part in parts for binding in part.source.controls.values()]
            slots = [slot.parameter for slot in layer.source.slots]
        case _:
            bindings, slots = [], []
    followed = [binding.parameter for binding in (layer.gain_db, *bindings) if isinstance(binding, Follow)]
    return frozenset((*followed, *slots))
