"""A game in Godot and one in C# on one daemon: the short version of `python tests/godot/soak_both.py`."""

import os
from typing import Final

import pytest
from engine import Engine
from mono_build import Build, require_mono
from soak import LAYERS
from soak_both import SoakedBoth, describe_both, soak_both

pytestmark = pytest.mark.system

SECONDS: Final = 6.0
MOST_GROWN_BYTES: Final = 4_000_000


@pytest.fixture(scope="module")
def both(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> SoakedBoth:
    """A short soak, and a second one should this computer just have been busy with something else."""
    require_mono()
    build = Build(tmp_path_factory.mktemp("mono"))
    first = soak_both(engine, build, tmp_path_factory.mktemp("both"), SECONDS)
    if not first.underruns:
        return first
    second = soak_both(engine, build, tmp_path_factory.mktemp("again"), SECONDS)
    if second.underruns and second.is_starved and os.environ.get("CI") != "true":
        pytest.skip(f"TOO BUSY TO HEAR TWO GAMES AT ONCE: {describe_both(second)}")
    return second


def test_neither_game_hears_a_gap_with_150_ms_of_buffer(both: SoakedBoth) -> None:
    assert (both.godot.layers, both.csharp["layers"]) == (LAYERS, LAYERS)
    assert both.godot.played_s > SECONDS
    assert both.csharp["frames"] > SECONDS * 48_000
    assert (both.godot.underruns, both.csharp["underruns"]) == (0, 0), describe_both(both)
    assert (both.csharp["silent_callbacks"], both.csharp["reconnects"]) == (0, 0)


def test_no_process_grows(both: SoakedBoth) -> None:
    assert set(both.resident_bytes) == {"daemon", "godot", "csharp"}
    grown = {name: both.grown_bytes(name) for name in both.resident_bytes}
    assert max(grown.values()) < MOST_GROWN_BYTES, describe_both(both)
    assert both.csharp["audio_thread_bytes"] == 0
