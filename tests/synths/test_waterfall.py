"""A waterfall roars without a tone; height is heard below, spray above, and strands live lives of their own."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 8.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["waterfall"], seed, controls).read(round(seconds * 48_000))


def test_no_tone_stands_in_the_roar() -> None:
    assert hearing.line_db(heard(seconds=20.0)) < 4.0


def test_a_high_fall_trembles_and_a_step_does_not() -> None:
    low, high = (hearing.band_level_db(heard(height=height), 40.0, 150.0) for height in (0.0, 1.0))
    assert high > low + 8.0


def test_spray_hisses_without_growing_louder() -> None:
    smooth, blown = heard(spray=0.0), heard(spray=1.0)
    assert hearing.share_db(blown, 6e3, 12e3) > hearing.share_db(smooth, 6e3, 12e3) + 6.0
    assert abs(hearing.loudness_lufs(blown) - hearing.loudness_lufs(smooth)) < 2.0


def test_a_veil_patters_drop_by_drop_and_a_cataract_merges() -> None:
    veil, cataract = (
        np.mean([hearing.sparsity(heard(seconds=4.0, seed=seed, flow=flow), 3_000.0) for seed in range(3)])
        for flow in (0.0, 1.0)
    )
    assert veil > cataract + 0.1


def test_strands_at_both_sides_move_apart() -> None:
    x = heard(seconds=20.0)
    left, right = (hearing.envelope(x[:, c : c + 1], 500.0, 4_000.0).reshape(-1, 20).mean(1) for c in (0, 1))
    assert np.corrcoef(left, right)[0, 1] < 0.8


def test_it_surges_but_never_stops() -> None:
    envelope = hearing.envelope(heard(seconds=30.0), 300.0).reshape(-1, 100).mean(1)
    levels_db = 20 * np.log10(envelope)
    assert levels_db.std() > 0.4
    assert levels_db.min() > np.median(levels_db) - 8.0
