"""Chance is the same everywhere for one seed, and as random as it says."""

import numpy as np

from roomtone.dsp.random import exponential, hiss, next_bits, normal, pareto, poisson, rng_state, uniform


def test_a_seed_and_a_path_give_the_same_numbers_on_every_machine():
    rng = rng_state(7, "rain", 3)
    assert int(rng[0]) == 1952679729974881492
    assert int(next_bits(rng)) == 17443137111343368333


def test_other_paths_are_unrelated():
    one, other = rng_state(7, "rain"), rng_state(7, "wind")
    pairs = np.array([(uniform(one), uniform(other)) for _ in range(4_000)])
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 0.05


def test_a_path_is_more_than_its_letters():
    assert rng_state(1, "ab", "c")[0] != rng_state(1, "a", "bc")[0]


def test_hiss_and_normal_have_unit_variance_and_no_mean():
    rng = rng_state(1)
    for draw in (hiss, normal):
        values = np.array([draw(rng) for _ in range(20_000)])
        assert abs(values.mean()) < 0.03
        assert abs(values.std() - 1.0) < 0.03


def test_hiss_is_bounded():
    rng = rng_state(2)
    assert max(abs(hiss(rng)) for _ in range(20_000)) <= 3.5


def test_waiting_times_have_mean_1():
    rng = rng_state(3)
    assert abs(np.mean([exponential(rng) for _ in range(20_000)]) - 1.0) < 0.03


def test_heavy_tails_stay_between_their_bounds():
    rng = rng_state(4)
    sizes = [pareto(rng, 1.5, 20.0) for _ in range(20_000)]
    assert 1.0 <= min(sizes) < 1.01
    assert max(sizes) == 20.0


def test_counts_have_the_mean_and_variance_of_a_poisson_rain():
    rng = rng_state(5)
    for mean in (0.3, 5.0, 80.0):
        counts = np.array([poisson(rng, mean) for _ in range(20_000)])
        assert abs(counts.mean() / mean - 1.0) < 0.05
        assert abs(counts.var() / mean - 1.0) < 0.1
    assert poisson(rng, 0.0) == 0
