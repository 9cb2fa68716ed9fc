"""What is asked of a model, and what a model says that it can do. Plain values: they cross processes as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final, Literal, TypeAlias

# What a clip goes through after the model (`models/finish.py`): a change there makes every clip anew.
FINISH_VERSION: Final = 1

# A new version is a new clip, though each version is the default of its time.
_ALWAYS_SAID: Final = frozenset({"finish"})
_SAID: Final = object()

LoopKind: TypeAlias = Literal["none", "latent", "inpaint", "tokens"]
"""How a model closes a clip on itself: circular latents, painting over the joint, going on into its own start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a loaded model can do; an adapter's `capabilities`, checked.

    Attributes:
        family: of the adapter, e.g. `audioldm2`.
        sample_rate_hz: as the model makes it.
        channels: 1 or 2.
        longest_s: the longest clip of one run.
        batch: how many clips one run should make on this device; more are made in several runs.
        tasks: what can be asked: `generate`, `score` (clips against texts), `encode`, `decode`.
        seeds: whether each job of a batch has its own seed and is the same alone.
        steps: how many denoising steps a run takes unless a job says; 0 for models without.
        loop: how it closes a clip on itself.
        continues: whether it can go on from the latent of an earlier clip, whose end it keeps.
        varies: whether it can make another clip near the latent of an earlier one.
        blends: whether two prompts can be mixed without encoding anew.
        negative: whether it understands what should not be heard.
        melody: whether it follows a tune.
    """

    family: str
    sample_rate_hz: int
    channels: int
    longest_s: float
    batch: int = 1
    tasks: tuple[str, ...] = ("generate",)
    seeds: bool = True
    steps: int = 0
    loop: LoopKind = "none"
    continues: bool = False
    varies: bool = False
    blends: bool = False
    negative: bool = False
    melody: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """A second prompt, and how far the first is moved towards it: 0 is the first, 1 the second."""

    prompt: str
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides one clip. Equal recipes are the same clip: their fields are its key in the cache.

    Attributes:
        model: its name among the installed models.
        weights: digest of its weights and settings; other weights are another clip.
        prompt: what should be heard.
        negative: what should not.
        seconds: how long.
        seed: of the first try; where a clip was refused, the one that was kept says with which seed it was made.
        steps: denoising steps; None takes the model's own number.
        guidance: how strictly the prompt is followed; None takes the model's own.
        loop: whether the clip closes on itself.
        blend: a second prompt to mix in.
        continues: key of the clip that this one goes on from; "" for none.
        keep_s: how much of that clip's end stands at the beginning of this one.
        varies: key of the clip that this one is a variation of; "" for none.
        variation: how far from it, 0 to 1.
        melody: digest of a recording whose tune to follow; "" for none.
        finish: see `FINISH_VERSION`.
    """

    model: str
    weights: str
    prompt: str
    seconds: float
    seed: int
    negative: str = ""
    steps: int | None = None
    guidance: float | None = None
    loop: bool = False
    blend: Blend | None = None
    continues: str = ""
    keep_s: float = 0.0
    varies: str = ""
    variation: float = 0.0
    melody: str = ""
    finish: int = FINISH_VERSION

    def record(self) -> dict[str, Any]:
        """Give the form that is kept and hashed; fields that say nothing are left out, so that new ones may come."""
        unset = {each.name: each.default for each in fields(self) if each.name not in _ALWAYS_SAID}
        return {name: value for name, value in asdict(self).items() if value != unset.get(name, _SAID)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Recipe":
        """Read what `record` wrote."""
        blend = record.get("blend")
        return cls(**{**record, "blend": Blend(**blend) if blend else None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One clip of a run, as an adapter receives it (as a dict of these fields).

    Attributes:
        prompt, negative, seconds, seed, steps, guidance, loop: as in `Recipe`.
        blend_prompt, blend_amount: a second prompt and how far to it; "" for none.
        continue_from: path of the `.npz` that an earlier `latent` was kept in; "" for none.
        keep_s: how much of its end the new clip begins with.
        vary_from, variation: path of such an `.npz`, and how far from it, 0 to 1.
        melody: path of a `.npy` with (frames, channels) float32 at 48 kHz; "" for none.
        text, audio: of a `score` job: what should be heard in which `.npy` ((frames, 1) float32 at 48 kHz).
    """

    prompt: str = ""
    negative: str = ""
    seconds: float = 10.0
    seed: int = 0
    steps: int | None = None
    guidance: float | None = None
    loop: bool = False
    blend_prompt: str = ""
    blend_amount: float = 0.0
    continue_from: str = ""
    keep_s: float = 0.0
    vary_from: str = ""
    variation: float = 0.0
    melody: str = ""
    text: str = ""
    audio: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One clip as a model made it, before `models/finish.py`.

    Attributes:
        file: name of a `.npy` in the staging folder: (frames, channels) float32.
        latent: name of an `.npz` there, to go on from or to vary; "" for none.
        notes: plain values that the adapter wants kept, e.g. `loop` (how it was closed) and `prefix_s`.
    """

    file: str
    rate_hz: int
    latent: str = ""
    notes: Mapping[str, Any] = field(default_factory=dict)
