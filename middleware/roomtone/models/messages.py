"""What processes around a model say to each other: JSON, one message a line, checked where it arrives.

Between the pool and a worker (`worker.py` has the other end), and between the daemon and the pool's process.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from roomtone.errors import ModelError
from roomtone.models.request import Capabilities, Output

MAX_LINE_BYTES: Final = 16 * 1024 * 1024
MAX_TEXT_CHARS: Final = 1_000

Plain: TypeAlias = Mapping[str, Any]


# To a worker -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Loads a model: the first message, and only once."""

    adapter: str
    folder: str
    device: str
    options: Plain = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Asks for one output for each job; sound is to be written to the folder `staging`."""

    run: int
    task: str
    staging: str
    jobs: tuple[Plain, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Says that jobs of a run, by index, are not wanted any more; without any, that the run is not."""

    run: int
    jobs: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Govern:
    """From now on take at most this share of the time; 0 pauses."""

    max_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quit:
    """End after the run under way."""


# From a worker -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The model is loaded, and this is what it can do and what memory it takes."""

    capabilities: Capabilities
    memory_gb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A run has come to `step` of `steps`."""

    run: int
    step: int
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """A run waits because the game needs the processor."""

    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A run is finished: an `Output` for each clip, plain values for other tasks."""

    run: int
    outputs: tuple[Output | Any, ...]
    took_s: float
    memory_gb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A run came to nothing; the worker takes the next one."""

    run: int
    code: str
    what: str
    at: str = ""
    fix: str = ""

    def error(self, model: str) -> ModelError:
        """Give the error that this is, of a model of that name."""
        return ModelError(self.code, what=self.what, at=self.at or model, fix=self.fix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fatal:
    """The model cannot be loaded; the worker ends."""

    code: str
    what: str
    at: str = ""
    fix: str = ""

    def error(self, model: str) -> ModelError:
        """Give the error that this is, of a model of that name."""
        return ModelError(self.code, what=self.what, at=self.at or model, fix=self.fix)


FromWorker: TypeAlias = Ready | Progress | Resting | Done | Failed | Fatal


def write_message(message: Any) -> bytes:
    """Write a message as a line."""
    record = {"t": type(message).__name__.lower(), **asdict(message)}
    return json.dumps(record, allow_nan=False).encode() + b"\n"


def read_message(line: bytes, kinds: Mapping[str, Callable[[Plain], Any]]) -> Any:
    """Read a line as one of these kinds.

    Raises:
        ModelError: `model.bad-message`: whoever wrote it does not speak this protocol.
    """
    try:
        record = json.loads(line)
        return kinds[record.pop("t")](record)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        what = f"it said {line[:80]!r} ({type(error).__name__})"
        fix = "let its adapter print nothing to the pipe, and give back what models/worker.py asks for"
        raise ModelError("model.bad-message", what=what, fix=fix) from error


def _as(kind: type[Any], **checks: Callable[[Any], Any]) -> Callable[[Plain], Any]:
    """Make a reader of one dataclass: every field is checked, those that are not known are left out."""
    known = [each.name for each in fields(kind)]

    def read(record: Plain) -> Any:
        return kind(**{name: checks[name](record[name]) for name in known if name in record})

    return read


def whole(value: Any) -> int:
    """Take an integer."""
    if type(value) is not int:
        raise TypeError(value)
    return value


def number(value: Any) -> float:
    """Take a finite number."""
    if type(value) not in (int, float) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)


def text(value: Any) -> str:
    """Take a string, cut to what a person reads."""
    if type(value) is not str:
        raise TypeError(value)
    return value[:MAX_TEXT_CHARS]


def _capabilities(record: Any) -> Capabilities:
    known = {each.name: each for each in fields(Capabilities)}
    given = {name: value for name, value in record.items() if name in known}
    given["tasks"] = tuple(text(task) for task in given.get("tasks", ("generate",)))
    able = Capabilities(**given)
    for name in ("sample_rate_hz", "channels", "batch", "steps"):
        whole(getattr(able, name))
    if able.channels not in (1, 2) or able.batch < 1 or not number(able.longest_s) > 0.0:
        raise ValueError(record)
    return able


def _outputs(records: Any) -> tuple[Output | Any, ...]:
    return tuple(_output(record) if _is_sound(record) else record for record in records)


def _is_sound(record: Any) -> bool:
    return isinstance(record, dict) and "file" in record


def _output(record: Plain) -> Output:
    return Output(
        file=_file_name(record["file"]),
        rate_hz=whole(record["rate_hz"]),
        latent=_file_name(record["latent"]) if record.get("latent") else "",
        notes=dict(record.get("notes", {})),
    )


def _file_name(value: Any) -> str:
    """Take the name of a file in the staging folder: never a path out of it."""
    name = text(value)
    if not name or name.strip(".") == "" or any(sign in name for sign in "/\\:\0"):
        raise ValueError(value)
    return name


FROM_WORKER: Final[Mapping[str, Callable[[Plain], FromWorker]]] = MappingProxyType(
    {
        "ready": _as(Ready, capabilities=_capabilities, memory_gb=number),
        "progress": _as(Progress, run=whole, step=whole, steps=whole),
        "resting": _as(Resting, run=whole),
        "done": _as(Done, run=whole, outputs=_outputs, took_s=number, memory_gb=number),
        "failed": _as(Failed, run=whole, code=text, what=text, at=text, fix=text),
        "fatal": _as(Fatal, code=text, what=text, at=text, fix=text),
    }
)
