"""A synth's controls on their way: each block as little is computed as moves."""

from collections.abc import Mapping, Sequence

from roomtone.layers.binding import Read, control_reader
from roomtone.layers.glide import Glide
from roomtone.scene.model import Binding, Constant, Parameter
from roomtone.synths.model import Control


class Controls:
    """The values of one synth's controls, in its order. One owner, one thread."""

    def __init__(self, controls: Sequence[Control]) -> None:
        self._glides = tuple(Glide(control.smooth_s) for control in controls)
        self._values = [control.default for control in controls]
        self._live: list[tuple[int, Glide, Read]] = []
        self._resting: list[tuple[int, Glide, float]] = []

    def bind(self, bindings: Sequence[Binding | Read], parameters: Mapping[str, Parameter]) -> None:
        """Follow one binding per control, or a function of one's own, from the next block on."""
        self._live.clear()
        self._resting.clear()
        for i, (glide, binding) in enumerate(zip(self._glides, bindings, strict=True)):
            if isinstance(binding, Constant):
                self._resting.append((i, glide, min(1.0, max(0.0, binding.value))))
            elif callable(binding):
                self._live.append((i, glide, binding))
            else:
                self._live.append((i, glide, control_reader(binding, parameters)))

    def hold(self) -> None:
        """Stand still where the controls are now."""
        self._live.clear()
        self._resting.clear()

    def advance(self, values: Mapping[str, float]) -> Sequence[float]:
        """Return where the controls are at the end of this block; valid until the next."""
        for i, glide, read in self._live:
            self._values[i] = glide.toward(read(values))
        if self._resting:
            self._come_to_rest()
        return self._values

    def _come_to_rest(self) -> None:
        for i, glide, goal in self._resting:
            self._values[i] = glide.toward(goal)
        # A constant that has arrived needs no more attention.
        self._resting = [rest for rest in self._resting if rest[1].value != rest[2]]
