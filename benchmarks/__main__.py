"""`python -m benchmarks [NAME…]`: measure everything, or what is named, and write the report."""

import sys
from importlib import import_module
from pathlib import Path

from benchmarks.report import write_report

# Sounds last: they load the compiler into this process, and pages that two processes share are nobody's to release.
BENCHMARKS = ("latency", "streaming", "process", "models", "bake", "sounds", "rain")


def main(names: list[str]) -> int:
    """Run benchmarks; the report is written only when all of them ran."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"there is no benchmark {unknown[0]!r}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 64
    sections = []
    for name in names or BENCHMARKS:
        print(f"{name} …", flush=True)
        section = import_module(f"benchmarks.{name}").measure()
        sections.append(section)
        for figure in section.figures:
            holds = {None: "", True: "  ok", False: "  MISSED"}[figure.holds]
            print(f"  {figure.name}: {figure.value:.3g} {figure.unit}  ({figure.beside}) {figure.bar}{holds}")
    if not names:
        write_report(sections, Path(__file__).parent)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
