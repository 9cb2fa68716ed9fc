"""What is found out about a family's speed: plain values, from one process to another and to a file."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Final

BARS: Final[Mapping[str, float]] = MappingProxyType({"audioldm2": 4.0, "stable_audio": 4.0, "audiogen": 10.0})
"""How many times the plain call's sound a second each must make: at its real size, on an accelerator."""

OURS: Final = "ours"
"""The way in which a worker makes clips where nobody chooses otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be measured.

    Attributes:
        size: `real`, `tiny`, or `auto`: real on CUDA.
        device: `auto`, or a name of torch's.
        seconds: of each clip; None is ten at the real size, and two tiny.
        steps: of denoising; None is what the model takes unless told, and a few where it is tiny.
        compiled: whether to compile as well, which takes minutes.
    """

    size: str = "auto"
    device: str = "auto"
    seconds: float | None = None
    steps: int | None = None
    compiled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of making clips, measured.

    Attributes:
        name: `plain …` for the library's own call; `ours` and what is different.
        dtype: of the denoiser or the language model.
        batch: clips of one run.
        graphs: whether steps were recorded and repeated.
        compiled: whether the network was compiled.
        steps: of one clip; 0 for models that make a token after another.
        audio_s: how much sound one run makes.
        took_s: how long the median run took.
        memory_gb: the most that it held on an accelerator, its weights included; None where that cannot be told.
    """

    name: str
    dtype: str
    batch: int
    graphs: bool
    compiled: bool
    steps: int
    audio_s: float
    took_s: float
    memory_gb: float | None

    @property
    def speed(self) -> float:
        """Seconds of sound a second."""
        return self.audio_s / self.took_s

    @property
    def is_plain(self) -> bool:
        """Whether it is the library's own call."""
        return self.name.startswith("plain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Whether both ways make the same.

    Attributes:
        measure: what is compared: `latents`, whose distance is told for the level of one; or `draws`, which are so far
            from the tokens that came of them.
        found: how far they are apart.
        other: how far the library's own are apart for two prompts: what this would be were something wrong.
        limit: how far they may be apart.
    """

    measure: str
    found: float
    other: float
    limit: float

    @property
    def holds(self) -> bool:
        """Whether they agree, and the measure could have told if they did not."""
        return self.found <= self.limit and self.found < self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was found out about one family.

    Attributes:
        family: its name.
        size: `real` or `tiny`.
        device: its kind.
        card: its name.
        torch: the version of PyTorch.
        threads: of the processor.
        parameters: of the denoiser or the language model.
        seconds: of each clip.
        ways: the plain ones first, then `ours`, then what else was tried.
        agreement: see `Agreement`.
        cancel_s: from a step on, how long until a run that nobody wants has ended.
        longest_gap_s: the longest time between two steps of a run, in which nobody can cancel.
        load_s: how long it takes to load.
        loaded_from: `disk`, or `memory`: then without reading.
        missed: ways that could not be measured, each with the reason.
    """

    family: str
    size: str
    device: str
    card: str
    torch: str
    threads: int
    parameters: int
    seconds: float
    ways: tuple[Way, ...]
    agreement: Agreement
    cancel_s: float
    longest_gap_s: float
    load_s: float
    loaded_from: str
    missed: tuple[str, ...] = ()

    @property
    def plain(self) -> tuple[Way, ...]:
        """The library's own calls."""
        return tuple(way for way in self.ways if way.is_plain)

    @property
    def others(self) -> tuple[Way, ...]:
        """All other ways."""
        return tuple(way for way in self.ways if not way.is_plain)

    @property
    def bar(self) -> float | None:
        """What the ratio of `ours` must be; None where nothing is asked."""
        asked = self.size == "real" and self.device != "cpu"
        return BARS.get(self.family) if asked else None

    def ratios(self, way: Way) -> dict[str, float]:
        """Say how many times as fast as each plain call a way is."""
        return {plain.name: way.speed / plain.speed for plain in self.plain}

    def record(self) -> dict[str, Any]:
        """Give plain values, with what is worked out of them."""
        worked_out = [
            asdict(way)
            | {"audio_s_a_second": way.speed}
            | ({} if way.is_plain else {"ratios": self.ratios(way)})
            for way in self.ways
        ]
        agreement = asdict(self.agreement) | {"holds": self.agreement.holds}
        return asdict(self) | {"ways": worked_out, "agreement": agreement, "bar": self.bar}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Measured":
        """Read what `record` gave."""
        ways = tuple(Way(**_fields(Way, way)) for way in record["ways"])
        agreement = Agreement(**_fields(Agreement, record["agreement"]))
        plain = _fields(cls, record) | {"missed": tuple(record["missed"])}
        return cls(**plain | {"ways": ways, "agreement": agreement})


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A family that could not be measured, and why: the fields of an error."""

    family: str
    code: str
    what: str
    at: str = ""
    fix: str = ""

    def record(self) -> dict[str, Any]:
        """Give plain values."""
        return {
            "family": self.family,
            "error": {"code": self.code, "what": self.what, "at": self.at, "fix": self.fix},
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Failed":
        """Read what `record` gave."""
        return cls(family=record["family"], **record["error"])


def _fields(kind: Any, record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in kind.__dataclass_fields__}
