"""What is most urgent is made first, what nobody wants is not made, and nothing that fails stops the rest."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from rehearsal import Gate, Rehearsal, model, recipe, wish

from roomtone.errors import ModelError
from roomtone.models.crew import UNLOAD_AFTER_S, Governor, lowest_of
from roomtone.models.hand import LOADS_WITHIN_S, STEPS_WITHIN_S
from roomtone.models.health import BREAKS_AFTER
from roomtone.models.messages import Cancel, Fatal, Govern, Load, Quit, Resting, Run
from roomtone.models.news import Busy, ModelState
from roomtone.models.pool import MOST_DEATHS, MOST_TRIES, RESTS_S
from roomtone.models.wishes import Urgency


@pytest.fixture
def house(tmp_path: Path) -> Rehearsal:
    return Rehearsal(tmp_path)


# Making -------------------------------------------------------------------------------------------


def test_a_wish_loads_its_model_is_made_and_is_found_in_the_cache(house: Rehearsal) -> None:
    rain = wish("rain")
    house.want(rain)
    worker = house.worker()
    (load,) = worker.said_of(Load)
    assert load.folder == str(house.models["noise"].folder)
    worker.get_ready()
    assert worker.prompts == ["rain"]
    worker.finish_run()
    assert house.made() == [rain.key]
    entry = house.cache.find(rain.key)
    assert entry is not None
    assert entry.provenance.prompt == "rain"
    assert entry.provenance.licence == "CC0"
    heard = house.cache.read(entry)
    assert np.allclose(heard, worker.sound({"seed": 1, "seconds": 2.0}), atol=1e-6)
    assert house.staged() == []


def test_what_is_there_already_is_told_at_once_and_starts_nothing(house: Rehearsal) -> None:
    rain = wish("rain")
    house.want(rain)
    house.ready().finish_run()
    house.want()
    house.news.clear()
    house.want(rain)
    assert house.made() == [rain.key]
    assert len(house.workers) == 1
    assert house.pool.wanted == 0


def test_two_who_want_the_same_clip_get_it_from_one_run(house: Rehearsal) -> None:
    house.want(wish("rain"), owner="one")
    house.want(wish("rain"), owner="two")
    house.ready().finish_run()
    assert len(house.worker().said_of(Run)) == 1
    assert house.made() == [wish("rain").key]


# Urgency ------------------------------------------------------------------------------------------


def test_the_most_urgent_is_made_first(house: Rehearsal) -> None:
    house.want(
        wish("more of it", Urgency.MORE),
        wish("next door", Urgency.NEIGHBOUR),
        wish("in 20 s", Urgency.HEADING, 20.0),
        wish("in 2 s", Urgency.HEADING, 2.0),
        wish("now", Urgency.SOUNDING),
    )
    worker, made = house.ready(), []
    for _ in range(5):
        made += worker.prompts
        worker.finish_run()
    assert made == ["now", "in 2 s", "in 20 s", "next door", "more of it"]


def test_what_fits_together_is_made_in_one_run_as_large_as_the_model_likes(house: Rehearsal) -> None:
    house.want(
        wish("a"),
        wish("b", order=1),
        wish("looped", order=9, loop=True),
        wish("c", order=2),
        wish("d", order=3),
    )
    worker = house.ready(batch=3)
    assert worker.prompts == ["a", "b", "c"]
    worker.finish_run()
    assert worker.prompts == ["d"]
    worker.finish_run()
    assert worker.prompts == ["looped"]


def test_something_that_sounds_now_breaks_off_what_can_wait(house: Rehearsal) -> None:
    later = wish("later", Urgency.MORE)
    house.want(later)
    worker = house.ready()
    worker.progress(0.2)
    house.want(later, wish("now"))
    assert worker.said_of(Cancel) == [Cancel(run=worker.run.run)]
    worker.fail_run("model.cancelled")
    assert worker.prompts == ["now"]
    worker.finish_run()
    assert worker.prompts == ["later"]


def test_what_is_almost_done_is_not_broken_off(house: Rehearsal) -> None:
    later = wish("later", Urgency.MORE)
    house.want(later)
    worker = house.ready()
    worker.progress(0.8)
    house.want(later, wish("now"))
    assert worker.said_of(Cancel) == []


# Who leaves ---------------------------------------------------------------------------------------


def test_what_nobody_wants_any_more_is_cancelled(house: Rehearsal) -> None:
    house.want(wish("rain"))
    worker = house.ready()
    house.want()
    assert worker.said_of(Cancel) == [Cancel(run=worker.run.run, jobs=(0,))]
    worker.fail_run("model.cancelled")
    assert house.pool.wanted == 0
    assert len(worker.said_of(Run)) == 1
    assert house.missed() == []


def test_of_a_batch_only_what_nobody_wants_is_cancelled(house: Rehearsal) -> None:
    house.want(wish("a"), wish("b", order=1), wish("c", order=2))
    worker = house.ready(batch=3)
    house.want(wish("a"), wish("c", order=2))
    assert worker.said_of(Cancel)[-1].jobs == (1,)
    worker.finish_run()
    assert sorted(house.made()) == sorted([wish("a").key, wish("c").key])


def test_another_owner_keeps_a_clip_wanted(house: Rehearsal) -> None:
    house.want(wish("rain"), owner="one")
    house.want(wish("rain"), owner="two")
    worker = house.ready()
    house.want(owner="one")
    assert worker.said_of(Cancel) == []


# Refused clips ------------------------------------------------------------------------------------


def test_a_refused_clip_is_tried_with_another_seed(tmp_path: Path) -> None:
    house = Rehearsal(tmp_path, gate=Gate(0, 1))
    rain = wish("rain")
    house.want(rain)
    worker, seeds = house.ready(), []
    for _ in range(3):
        seeds.append(worker.run.jobs[0]["seed"])
        worker.finish_run()
    assert len(set(seeds)) == 3
    entry = house.cache.find(rain.key)
    assert entry is not None
    assert entry.provenance.seed == seeds[-1]
    assert entry.recipe["seed"] == rain.recipe.seed


def test_a_clip_that_is_refused_every_time_is_given_up_with_the_reason(tmp_path: Path) -> None:
    house = Rehearsal(tmp_path, gate=Gate(*range(100)))
    house.want(wish("rain"))
    worker = house.ready()
    for _ in range(MOST_TRIES):
        worker.finish_run()
    (missed,) = house.missed()
    assert (missed.code, missed.what) == ("clip.silent", "there is nothing to hear")
    assert len(worker.said_of(Run)) == MOST_TRIES
    house.news.clear()
    house.want(wish("rain"))
    assert [each.code for each in house.missed()] == ["clip.silent"], "it rests"
    assert len(worker.said_of(Run)) == MOST_TRIES
    house.pass_time(RESTS_S + 1.0)
    house.want(wish("rain"))
    assert house.ready().prompts == ["rain"]


def test_one_refused_clip_of_a_batch_does_not_hold_up_the_others(tmp_path: Path) -> None:
    house = Rehearsal(tmp_path, gate=Gate(1))
    house.want(wish("a"), wish("b", order=1), wish("c", order=2))
    worker = house.ready(batch=3)
    worker.finish_run()
    assert len(house.made()) == 2
    assert worker.prompts == ["b"]
    worker.finish_run()
    assert len(house.made()) == 3


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00 and nothing more", b"no array at all"])
def test_half_a_file_is_never_taken_for_a_clip(house: Rehearsal, content: bytes) -> None:
    house.want(wish("rain"))
    worker = house.ready()
    worker.sound = lambda _: np.zeros((1, 1), np.float32)  # type: ignore[method-assign]
    original = np.save

    def half(path: Path, _samples: object) -> None:
        Path(path).write_bytes(content)

    np.save = half  # type: ignore[assignment]
    try:
        for _ in range(MOST_TRIES):
            worker.finish_run()
    finally:
        np.save = original
    assert [missed.code for missed in house.missed()] == ["clip.unreadable"]
    assert house.made() == []


# Choosing -----------------------------------------------------------------------------------------


def test_of_several_candidates_the_one_that_scores_best_is_kept(tmp_path: Path) -> None:
    house = Rehearsal(tmp_path, candidates=3, scorer=model("clap", makes="scores"))
    rain = wish("rain")
    house.want(rain)
    worker, seeds = house.ready(), []
    for _ in range(3):
        seeds.append(worker.run.jobs[0]["seed"])
        worker.finish_run()
    clap = house.ready("clap", tasks=("score",))
    assert [job["text"] for job in clap.run.jobs] == ["rain"] * 3
    assert all(Path(job["audio"]).is_file() for job in clap.run.jobs)
    clap.score_run(0.1, 0.5, 0.3)
    entry = house.cache.find(rain.key)
    assert entry is not None
    assert entry.provenance.seed == seeds[1]
    assert entry.notes["clap_score"] == 0.5
    assert house.staged() == []


def test_without_a_scorer_the_first_good_one_is_kept(tmp_path: Path) -> None:
    house = Rehearsal(tmp_path, candidates=3)
    house.want(wish("rain"))
    house.ready().finish_run()
    assert house.made() == [wish("rain").key]


@pytest.mark.parametrize("trouble", ["dies", "fails", "cannot be loaded"])
def test_a_scorer_in_trouble_costs_the_choice_and_not_the_clip(tmp_path: Path, trouble: str) -> None:
    house = Rehearsal(tmp_path, candidates=2, scorer=model("clap", makes="scores"))
    house.want(wish("rain"))
    worker = house.ready()
    worker.finish_run()
    worker.finish_run()
    clap = house.worker("clap")
    if trouble == "cannot be loaded":
        for _ in range(BREAKS_AFTER):
            house.worker("clap").answer(Fatal(code="model.damaged", what="half of it is missing"))
            house.pass_time(61.0)
    else:
        clap.get_ready(tasks=("score",))
        clap.die() if trouble == "dies" else clap.fail_run()
    assert house.made() == [wish("rain").key]


# Trouble ------------------------------------------------------------------------------------------


def test_a_worker_that_dies_is_started_again_after_a_while_and_the_clip_is_made(house: Rehearsal) -> None:
    house.want(wish("rain"))
    house.ready().die()
    assert len(house.workers) == 1
    house.pass_time(1.1)
    assert len(house.workers) == 2
    house.ready().finish_run()
    assert house.made() == [wish("rain").key]
    assert house.staged() == []


def test_a_clip_that_ends_workers_is_given_up_and_the_others_are_made(house: Rehearsal) -> None:
    house.want(wish("killer"), wish("rain", order=1))
    worker = house.ready(batch=2)
    assert worker.prompts == ["killer", "rain"]
    while not house.missed():
        house.worker().die()
        house.pass_time(61.0)
        if house.worker().said_of(Load) and not house.worker().said_of(Run):
            house.ready(batch=2)
    (missed,) = house.missed()
    assert missed.key == wish("killer").key
    assert missed.code == "model.died"
    house.worker().finish_run()
    assert house.made() == [wish("rain").key]
    assert MOST_DEATHS == 2


def test_waits_grow_and_a_model_that_keeps_failing_is_left_alone(house: Rehearsal) -> None:
    house.want(wish("rain"))
    started = []
    for _ in range(2000):
        if len(house.workers) > len(started):
            started.append(house.now_s)
            house.worker().answer(Fatal(code="model.damaged", what="half of it is missing"))
        house.pass_time(0.1)
        if house.missed():
            break
    waits = np.diff(started)
    assert len(started) == BREAKS_AFTER
    assert (np.diff(waits) > 0.0).all()
    (missed,) = house.missed()
    assert missed.code == "model.broken"
    assert "half of it is missing" in missed.what


def test_a_broken_model_gets_another_chance_later_and_is_whole_again_when_it_works(house: Rehearsal) -> None:
    for _ in range(BREAKS_AFTER):
        house.want(wish("rain"))
        house.worker().answer(Fatal(code="model.damaged", what="half of it is missing"))
        house.pass_time(61.0)
    assert [missed.code for missed in house.missed()] == ["model.broken"]
    house.pass_time(RESTS_S)
    house.want(wish("rain"))
    house.ready().finish_run()
    assert house.made() == [wish("rain").key]
    house.want(wish("hail"))
    house.worker().die()
    house.pass_time(1.1)
    assert house.ready().prompts == ["hail"], "one failure after a success is a first one"


@pytest.mark.parametrize(("stage", "limit_s"), [("loading", LOADS_WITHIN_S), ("running", STEPS_WITHIN_S)])
def test_a_worker_that_gives_no_sign_of_life_is_ended(house: Rehearsal, stage: str, limit_s: float) -> None:
    house.want(wish("rain"))
    worker = house.worker()
    if stage == "running":
        worker.get_ready()
    house.pass_time(limit_s - 1.0)
    assert not worker.killed
    house.pass_time(2.0)
    assert worker.killed
    assert [news.state for news in house.news if isinstance(news, ModelState)][-1] == "failed"
    house.pass_time(1.1)
    assert len(house.workers) == 2


def test_a_worker_that_rests_for_the_game_is_alive(house: Rehearsal) -> None:
    house.want(wish("rain"))
    worker = house.ready()
    for _ in range(10):
        house.pass_time(STEPS_WITHIN_S - 1.0)
        worker.answer(Resting(run=worker.run.run))
    assert not worker.killed


def test_what_a_worker_says_after_it_was_given_up_changes_nothing(house: Rehearsal) -> None:
    house.want(wish("rain"))
    worker = house.ready()
    house.pass_time(STEPS_WITHIN_S + 1.0)
    worker.die()
    assert len(house.workers) == 1
    house.pass_time(1.1)
    assert len(house.workers) == 2


def test_a_worker_that_says_nonsense_is_ended(house: Rehearsal) -> None:
    house.want(wish("rain"))
    worker = house.ready()
    worker.answer(ModelError("model.bad-message", what="it said b'hello'"))
    assert worker.killed


def test_too_little_memory_for_many_makes_fewer_at_once(house: Rehearsal) -> None:
    house.want(*(wish(f"{i}", order=i) for i in range(4)))
    worker = house.ready(batch=4)
    worker.fail_run("model.out-of-memory")
    assert len(worker.run.jobs) == 2
    worker.fail_run("model.out-of-memory")
    assert len(worker.run.jobs) == 1
    worker.finish_run()
    assert len(worker.run.jobs) == 1
    assert house.missed() == []


def test_too_little_memory_for_one_is_said(house: Rehearsal) -> None:
    house.want(wish("rain"))
    house.ready().fail_run("model.out-of-memory")
    assert [missed.code for missed in house.missed()] == ["model.out-of-memory"]


def test_an_interpreter_that_is_not_there_is_said_in_the_end(house: Rehearsal) -> None:
    house.cannot_start = ModelError("model.cannot-start", what="'python9' cannot be started")
    house.want(wish("rain"))
    assert [missed.code for missed in house.missed()] == ["model.cannot-start"]


def test_a_model_that_does_not_exist_or_was_replaced_is_said(house: Rehearsal) -> None:
    house.want(wish("rain", name="nobody"))
    house.models["noise"] = model("noise", weights="cd" * 32)
    house.want(wish("rain"), owner="other")
    assert [missed.code for missed in house.missed()] == ["model.unknown", "model.changed"]


def test_a_full_disk_costs_the_clip_and_nothing_else(house: Rehearsal) -> None:
    house.want(wish("rain"))
    worker = house.ready()
    house.cache.max_bytes = 10
    worker.finish_run()
    assert [missed.code for missed in house.missed()] == ["cache.full"]
    house.cache.max_bytes = None
    house.want(wish("hail"))
    worker.finish_run()
    assert house.made() == [wish("hail").key]


def test_a_clip_that_goes_on_from_one_that_is_gone_is_said(house: Rehearsal) -> None:
    house.want(wish("rain", continues="ab" * 32))
    house.ready()
    assert [missed.code for missed in house.missed()] == ["model.no-source"]


# Memory and the game ------------------------------------------------------------------------------


def test_without_a_budget_one_model_at_a_time_is_loaded(tmp_path: Path) -> None:
    house = Rehearsal(tmp_path, model("noise"), model("other"))
    house.want(wish("rain"), wish("hail", order=1, name="other"))
    worker = house.ready()
    assert len(house.workers) == 1
    worker.finish_run()
    assert worker.closed
    assert house.ready("other").prompts == ["hail"]


def test_of_what_is_equally_urgent_the_loaded_model_makes_its_own_first(tmp_path: Path) -> None:
    house = Rehearsal(tmp_path, model("noise"), model("other"))
    house.want(
        *(wish(f"rain {i}", order=2 * i) for i in range(3)),
        *(wish(f"hail {i}", order=2 * i + 1, name="other") for i in range(3)),
    )
    worker = house.ready()
    for _ in range(3):
        worker.finish_run()
    assert len(house.workers) == 2
    assert house.ready("other").prompts == ["hail 0"]


def test_within_a_budget_models_stay_and_the_longest_unused_goes_first(tmp_path: Path) -> None:
    house = Rehearsal(tmp_path, *(model(name, gb=1.0) for name in "abc"))
    # A run says that it took 1 GB, and what was never loaded is guessed to take 2.
    house.pool.govern(Governor(max_vram_gb=3.5))
    for name in "abc":
        house.want(wish("rain", name=name))
        house.ready(name).finish_run()
        house.pass_time(1.0)
    assert [house.worker(name).closed for name in "abc"] == [True, False, False]


def test_a_model_that_can_never_fit_is_said(tmp_path: Path) -> None:
    house = Rehearsal(tmp_path, model("huge", gb=40.0))
    house.pool.govern(Governor(max_vram_gb=8.0))
    house.want(wish("rain", name="huge"))
    (missed,) = house.missed()
    assert missed.code == "model.too-large"
    assert "8 GB" in missed.what


def test_a_smaller_budget_unloads_what_no_longer_fits(house: Rehearsal) -> None:
    house.want(wish("rain"))
    worker = house.ready(gb=4.0)
    worker.finish_run()
    house.pool.govern(Governor(max_vram_gb=0.5))
    assert worker.closed
    assert Quit() in worker.said


def test_the_game_can_pause_everything_and_let_it_go_on(house: Rehearsal) -> None:
    house.want(wish("rain"), wish("hail", order=1))
    worker = house.ready()
    house.pool.govern(Governor(max_share=0.0))
    assert worker.said_of(Govern)[-1].max_share == 0.0
    worker.finish_run()
    assert worker.prompts == ["rain"], "nothing new begins"
    house.pool.govern(Governor(max_share=0.5))
    assert worker.prompts == ["hail"]
    assert worker.said_of(Govern)[-1].max_share == 0.5


def test_of_several_governors_the_lowest_counts() -> None:
    both = lowest_of((Governor(max_share=0.5), Governor(max_share=0.8, max_vram_gb=4.0)))
    assert both == Governor(max_share=0.5, max_vram_gb=4.0)
    assert lowest_of(()) == Governor()


def test_a_model_that_nobody_uses_frees_its_memory(house: Rehearsal) -> None:
    house.want(wish("rain"))
    worker = house.ready()
    worker.finish_run()
    house.pass_time(UNLOAD_AFTER_S - 1.0)
    assert not worker.closed
    house.pass_time(2.0)
    assert worker.closed


def test_progress_is_told(house: Rehearsal) -> None:
    house.want(wish("rain"))
    house.ready().progress(0.5)
    assert house.news[-1] == Busy(keys=(wish("rain").key,), part=0.5)


def test_closing_ends_every_worker_and_leaves_nothing_staged(house: Rehearsal) -> None:
    house.want(wish("rain"))
    worker = house.ready()
    assert house.staged()
    house.pool.close()
    assert worker.closed
    assert house.staged() == []


def test_what_is_wanted_is_not_evicted(house: Rehearsal) -> None:
    house.want(wish("rain"), wish("hail", order=1))
    house.ready()
    house.pass_time(61.0)
    assert house.cache.held() == {wish("rain").key, wish("hail").key}


def test_a_melody_reaches_the_model_as_samples(tmp_path: Path) -> None:
    tune = tmp_path / "hum.wav"
    soundfile.write(tune, 0.1 * np.ones((480, 1), np.float32), 48_000, subtype="FLOAT")
    house = Rehearsal(tmp_path)
    hummed = wish("a hum", melody="ef" * 32)
    house.pool.want("game", (hummed,), {"ef" * 32: str(tune)})
    job = house.ready().run.jobs[0]
    assert np.load(job["melody"]).shape == (480, 1)


def test_equal_recipes_have_equal_keys_and_others_others() -> None:
    assert wish("rain").key == wish("rain", Urgency.MORE).key
    keys = {
        wish("rain").key,
        wish("hail").key,
        wish("rain", seed=2).key,
        wish("rain", loop=True).key,
        wish("rain", steps=10).key,
        wish("rain", guidance=3.0).key,
        wish("rain", negative="wind").key,
    }
    assert len(keys) == 7
    assert wish("rain", finish=2).key not in keys, "another post-processing is another clip"
    assert recipe("rain").from_record(recipe("rain").record()) == recipe("rain")
