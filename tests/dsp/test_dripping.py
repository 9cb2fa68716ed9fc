"""A drop in water rings some milliseconds after it hits; on stone there is only the hit."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp.dripping import drip, drips_state


def dripped(*, seconds: float = 4.0, seed: int = 1, rate_hz: float = 0.0, strikes: bool = False,
            company: float = 0.0, depth: float = 1.0) -> Samples:  # fmt: skip
    state = drips_state(seed, "test", places=6)
    out = np.zeros((round(seconds * 100) * BLOCK_FRAMES, 2), np.float32)
    for i, block in enumerate(out.reshape(-1, BLOCK_FRAMES, 2)):
        drip(
            state,
            rate_hz=rate_hz,
            company=company,
            depth=depth,
            gain=0.3,
            struck=strikes and i == 0,
            out=block,
        )
    return out


def test_no_rate_and_no_strike_is_silence() -> None:
    assert not dripped().any()


def test_one_strike_is_one_drop() -> None:
    drop = np.abs(dripped(strikes=True)).max(1)
    assert drop[:24_000].max() > 0.05
    assert not drop[36_000:].any()


def test_in_water_the_loudest_comes_after_the_impact_and_on_stone_with_it() -> None:
    def loudest_s(depth: float) -> float:
        found = []
        for seed in range(8):
            x = np.abs(dripped(seconds=0.5, seed=seed, strikes=True, depth=depth)).max(1)
            begins = np.argmax(x > 0.02 * x.max())
            energy = np.cumsum(x.astype(np.float64) ** 2)
            found.append((np.searchsorted(energy, 0.5 * energy[-1]) - begins) / 48_000)
        return float(np.median(found))

    assert loudest_s(1.0) > loudest_s(0.0) + 0.004


def test_more_places_drip_in_company() -> None:
    def sides(company: float) -> float:
        x = dripped(seconds=20.0, rate_hz=6.0, company=company)
        return 1.0 - float(np.corrcoef(x[:, 0], x[:, 1])[0, 1])

    assert sides(1.0) > sides(0.0)


def test_the_same_seed_gives_the_same_drops() -> None:
    np.testing.assert_array_equal(dripped(seed=3, rate_hz=5.0), dripped(seed=3, rate_hz=5.0))
    assert not np.array_equal(dripped(seed=3, rate_hz=5.0), dripped(seed=4, rate_hz=5.0))
