"""What tests of baking share: a yard of rain, water and scattered thunder, and what came of baking it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Bake = Callable[..., tuple[int, Any]]
"""Bakes into `out`, in this process unless it is told otherwise; returns the exit code and what JSON says."""

YARD = """\
scene: yard
seed: 5
parameters:
  rain: {default: 0.6}
  storm: {default: 0.0}
moods:
  dry: {rain: 0}
  wet: {rain: 0.9}
  wild: {rain: 0.9, storm: 1}
layers:
  street:
    synth: rain
    controls: {intensity: rain}
    gain_db: {from: rain, curve: [[0, -60], [0.1, -12], [1, -6]]}
    placement: {kind: bed}
  brook:
    synth: stream
    gain_db: -14
    placement: {kind: point, at_m: [1, 0, -2], near_m: 1, reach_m: 20}
  thunder:
    synth: thunder
    gain_db: {from: storm, curve: [[0, -60], [1, -6]]}
    placement: {kind: scatter, every_s: [2, 3], distance_m: [60, 200]}
"""


def manifest(out: str = "out") -> Any:
    """Read what a bake says of itself."""
    return json.loads((Path(out) / "manifest.json").read_text(encoding="utf-8"))
