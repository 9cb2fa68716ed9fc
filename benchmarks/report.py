"""What a benchmark says: figures with their bar and what they were compared with, as a table and as JSON."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number.

    Attributes:
        name: what was measured.
        value: the number.
        unit: of the number; `x` is a ratio.
        beside: what it is compared with, measured in the same run.
        bar: what it should be, where there is a bar: `<= 0.7`.
    """

    name: str
    value: float
    unit: str
    beside: str = ""
    bar: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the bar is met; None without one."""
        if not self.bar:
            return None
        sign, limit = self.bar.split()
        return self.value <= float(limit) if sign == "<=" else self.value >= float(limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One benchmark's figures, and how they were taken."""

    title: str
    method: str
    figures: tuple[Figure, ...]


def write_report(sections: Iterable[Section], folder: Path) -> None:
    """Write `RESULTS.md` and `results.json`."""
    sections = tuple(sections)
    machine = {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
    record = {
        "machine": machine,
        "sections": [
            asdict(section)
            | {"figures": [asdict(figure) | {"holds": figure.holds} for figure in section.figures]}
            for section in sections
        ],
    }
    (folder / "results.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    (folder / "RESULTS.md").write_text(_as_markdown(machine, sections), encoding="utf-8")


def _as_markdown(machine: dict[str, object], sections: tuple[Section, ...]) -> str:
    lines = [
        "# Measured",
        "",
        "Written by `make bench`. Speeds of shared machines drift: what holds is the comparison with what was measured",
        "beside it in the same run.",
        "",
        " · ".join(f"{name} {value}" for name, value in machine.items()),
    ]
    for section in sections:
        lines += ["", f"## {section.title}", "", section.method, ""]
        lines += ["| figure | measured | beside it | bar | holds |", "|---|---|---|---|---|"]
        lines += [_as_row(figure) for figure in section.figures]
    return "\n".join(lines) + "\n"


def _as_row(figure: Figure) -> str:
    holds = {None: "", True: "yes", False: "**no**"}[figure.holds]
    return f"| {figure.name} | {figure.value:.3g} {figure.unit} | {figure.beside} | {figure.bar} | {holds} |"
