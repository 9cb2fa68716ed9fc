"""Makes the report, several synths at a time."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from listening.report.findings import find
from listening.report.page import write_page, write_takes


def make(names: Sequence[str], out: Path, *, jobs: int, seeds: int, minutes: float) -> Iterator[str]:
    """Measure synths and write the page.

    Args:
        names: of synths.
        out: the folder.
        jobs: processes.
        seeds: takes of each setting that are held against real recordings.
        minutes: listened to each.

    Yields:
        A line for each synth, then the page's path.
    """
    out.mkdir(parents=True, exist_ok=True)
    found = []
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        for each in pool.map(partial(_measured, out=out, seeds=seeds, minutes=minutes), names):
            found.append(each)
            yield f"{each['name']}: measured"
    yield str(write_page(found, out))


def _measured(name: str, *, out: Path, seeds: int, minutes: float) -> dict[str, Any]:
    write_takes(name, out)
    return find(name, seeds=seeds, minutes=minutes)
