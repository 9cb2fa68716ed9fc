"""Neural models against their libraries' own calls, one prompt at a time: `models.json`, and `MODELS.md` for people.

Random weights, at the size of the published models where there is CUDA and tiny elsewhere; each of the two is kept for
each card, so that a run on a processor forgets nothing that was measured on a GPU. `python -m benchmarks.models` takes
the options of `roomtone bench-models`.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.report import Figure, Section

_FOLDER = Path(__file__).parent
# Some family could not be measured, or is wrong: that is part of what was found.
_TOLD = (0, 69, 70)
_METHOD = (
    "Random weights: {what}. Each family in a process of its own; the library's own pipeline or `generate`, one prompt "
    "at a time, and the adapter's own `generate`, as a worker calls it, in turn, round after round, each run with a "
    "new prompt; the median counts. Equal steps, equal lengths. Several clips are variations of one prompt, as the "
    "daemon asks for them. That both make the same is seen first, on short clips, and told with what another prompt "
    "would give."
)
_REAL = "the architectures of the published models at their real sizes, on {card}"
_TINY = (
    "the real classes, TINY, on a processor ({card}): a check that everything runs, and of what is spent beside the "
    "arithmetic; it says nothing about a GPU, and no bar is held against it"
)


def measure(options: Sequence[str] = ()) -> Section:
    """Run the command, and keep what it finds.

    Args:
        options: of `roomtone bench-models`; where they name families, nothing is kept.
    """
    command = [sys.executable, "-m", "roomtone.models.adapters.bench", "--json", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in _TOLD:
        raise RuntimeError(f"the benchmark of the models ended with {done.returncode}")
    run = {"machine": _machine(), "families": json.loads(done.stdout)["families"]}
    if "--family" not in options:
        _keep(run, _FOLDER)
    return _section(run)


def _machine() -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def _place(run: Mapping[str, Any]) -> tuple[str, str]:
    """Say on what a run was made, and of which size; of nothing if all of it failed."""
    measured = [family for family in run["families"] if "error" not in family]
    return (measured[0]["card"], measured[0]["size"]) if measured else ("", "")


def _keep(run: Mapping[str, Any], folder: Path) -> None:
    """Write a run beside those that were made elsewhere or of another size."""
    file = folder / "models.json"
    kept = json.loads(file.read_text(encoding="utf-8"))["runs"] if file.is_file() else []
    runs = [each for each in kept if _place(each) != _place(run)] + [run]
    # The fastest machine first.
    runs.sort(key=lambda each: _place(each)[1] != "real")
    file.write_text(json.dumps({"runs": runs}, indent=2) + "\n", encoding="utf-8")
    (folder / "MODELS.md").write_text("\n".join(_as_markdown(runs)) + "\n", encoding="utf-8")


# For people -----------------------------------------------------------------------------------


def _method(run: Mapping[str, Any]) -> str:
    card, size = _place(run)
    return _METHOD.format(what=(_REAL if size == "real" else _TINY).format(card=card or "nothing"))


def _as_markdown(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield "# Neural models, measured"
    yield ""
    yield "Written by `python -m benchmarks models`; `roomtone bench-models` shows the same. Speeds of shared machines"
    yield "drift: what holds is the ratio to what was measured beside it in the same run."
    for run in runs:
        card, size = _place(run)
        yield from ("", f"## {size.capitalize() or 'Failed'}: {card or 'nothing was measured'}", "")
        libraries = next(
            (
                {"torch": each["torch"], "threads": each["threads"]}
                for each in run["families"]
                if "error" not in each
            ),
            {},
        )
        yield " · ".join(f"{name} {value}" for name, value in (run["machine"] | libraries).items())
        yield from ("", _method(run))
        for family in run["families"]:
            yield from _family(family)


def _family(family: Mapping[str, Any]) -> Iterator[str]:
    if "error" in family:
        yield from ("", f"### {family['family']}", "", f"Not measured: {family['error']['what']}.")
        return
    yield from (
        "",
        f"### {family['family']}: {family['parameters'] / 1e6:.4g} M, clips of {family['seconds']:g} s",
        "",
    )
    yield "| way | how | sound a second | against the library's | bar | holds |"
    yield "|---|---|---|---|---|---|"
    for way in family["ways"]:
        yield _row(way, family["bar"] if way["name"] == "ours" else None)
    yield ""
    yield " ".join(_sentences(family))


def _row(way: Mapping[str, Any], bar: float | None) -> str:
    how = f"{way['dtype']}, {way['batch']} at once"
    how += ", steps recorded" if way["graphs"] else ""
    how += ", compiled" if way["compiled"] else ""
    how += f", {way['steps']} steps" if way["steps"] else ""
    how += "" if way["memory_gb"] is None else f", {way['memory_gb']:.1f} GB"
    ratios = way.get("ratios", {})
    against = ", ".join(f"{ratio:.3g} × {name}" for name, ratio in ratios.items())
    holds = "" if bar is None else ("yes" if min(ratios.values()) >= bar else "**no**")
    asked = "" if bar is None else f">= {bar:g} ×"
    return f"| {way['name']} | {how} | {way['audio_s_a_second']:.3g} s | {against} | {asked} | {holds} |"


def _sentences(family: Mapping[str, Any]) -> Iterator[str]:
    agreement = family["agreement"]
    agree = "The two make the same" if agreement["holds"] else "**The two do not make the same**"
    yield (
        f"{agree}: {agreement['measure']} {agreement['found']:.2g} apart, {agreement['limit']:g} at most, and "
        f"{agreement['other']:.2g} for another prompt."
    )
    yield (
        f"A run that nobody wants has ended {family['cancel_s'] * 1e3:.3g} ms after a step; between two steps pass "
        f"{family['longest_gap_s'] * 1e3:.3g} ms at most. Loaded from {family['loaded_from']} in "
        f"{family['load_s']:.2g} s."
    )
    yield from (f"Not measured: {missed}." for missed in family["missed"])


# For the report of all benchmarks -------------------------------------------------------------


def _section(run: Mapping[str, Any]) -> Section:
    failed = [family for family in run["families"] if "error" in family]
    reasons = "".join(f" Not measured: {each['family']}, {each['error']['what']}." for each in failed)
    measured = [family for family in run["families"] if "error" not in family]
    return Section(
        title="Neural models",
        method=_method(run) + reasons,
        figures=tuple(figure for family in measured for figure in _figures(family)),
    )


def _figures(family: Mapping[str, Any]) -> Iterator[Figure]:
    name, ways = family["family"], {way["name"]: way for way in family["ways"]}
    ours, agreement = ways["ours"], family["agreement"]
    for plain, ratio in ours["ratios"].items():
        yield Figure(
            name=f"{name}: ours against {plain}",
            value=ratio,
            unit="×",
            beside=f"{ours['audio_s_a_second']:.3g} s of sound a second, {ways[plain]['audio_s_a_second']:.3g} s",
            bar="" if family["bar"] is None else f">= {family['bar']:g}",
        )
    alone = ways.get("ours, one clip", ours)
    library = next(iter(ours["ratios"]))
    yield Figure(
        name=f"{name}: one clip of {family['seconds']:g} s",
        value=alone["took_s"],
        unit="s",
        beside=f"the library's {ways[library]['took_s']:.3g} s",
    )
    yield Figure(name=f"{name}: cancelled within", value=family["cancel_s"] * 1e3, unit="ms")
    yield Figure(
        name=f"{name}: {agreement['measure']} apart from the library's",
        value=agreement["found"],
        unit="",
        beside=f"for another prompt {agreement['other']:.2g}",
        bar=f"<= {agreement['limit']:g}",
    )


if __name__ == "__main__":
    for each in measure(sys.argv[1:]).figures:
        print(f"  {each.name}: {each.value:.3g} {each.unit}  ({each.beside}) {each.bar}")
