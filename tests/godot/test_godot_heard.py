"""What a game in Godot hears of a real daemon: captured from the master bus, and held against what was sent."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pytest
from engine import Engine
from numpy.typing import NDArray
from places import write_places
from recordings import FADED_IN_FRAMES, Played, Stage, begins_at, gains_of, sent
from serving import Serving

from roomtone.audio import Samples, gain_to_db
from roomtone.mixing import Pose, placed_gains
from roomtone.wire.messages import PlacementInfo

pytestmark = pytest.mark.system

POSES: Final = {
    "ahead": Pose(at_m=(0.0, 0.0, 0.0), yaw_deg=0.0),
    "turned": Pose(at_m=(0.0, 0.0, 0.0), yaw_deg=90.0),
    "between": Pose(at_m=(1.0, 0.0, 2.0), yaw_deg=-35.0),
    "away": Pose(at_m=(-9.0, 0.0, 4.0), yaw_deg=160.0),
}
PLACEMENTS: Final = {
    "west": PlacementInfo(kind="point", at_m=(-3.0, 0.0, 0.0), near_m=1.0, reach_m=40.0),
    "east": PlacementInfo(kind="point", at_m=(3.0, 0.0, 0.0), near_m=1.0, reach_m=40.0),
    "pond": PlacementInfo(kind="area", at_m=(0.0, 0.0, 0.0), near_m=2.0, reach_m=40.0),
}
TYPE_FLOAT: Final = 3
TRIM_DB: Final = (-40.0, -10.0)


def steps() -> list[list[Any]]:
    walk: list[list[Any]] = [
        ["keep_ahead", 400], ["open", "town"], ["wait", 0.6], ["stall", 500], ["wait", 0.9], ["mark", "town ends"],
        ["look", "town", "town"], ["close_scene", "town"], ["wait", 0.3],
        ["open", "around", {"seed_value": 9}], ["look", "around", "around"], ["mark", "around"],
    ]  # fmt: skip
    for name, pose in POSES.items():
        walk += [
            ["stand", pose.at_m, pose.yaw_deg],
            ["wait", 0.25],
            ["mark", name],
            ["wait", 0.5],
            ["mark", name + "!"],
        ]
    walk += [
        ["tween", "around", "parameters/trim", TRIM_DB[1], 0.5], ["wait", 1.2], ["mark", "risen"], ["wait", 0.5],
        ["mark", "risen!"], ["close_scene", "around"],
        ["stand", (0.0, 0.0, 0.0)], ["open_zone", "meadow", (0.0, 0.0, 0.0), 2.0, 4.0],
        ["open_zone", "cave", (9.0, 0.0, 0.0), 2.0, 4.0], ["await_playing", "meadow"], ["wait", 0.5],
        ["mark", "meadow"], ["wait", 0.4], ["look", "cave", "cave before"], ["mark", "leaves"],
        ["walk", (9.0, 0.0, 0.0), 3.0], ["wait", 0.4], ["mark", "arrives"],
        ["wait", 0.5], ["mark", "arrived"], ["look", "meadow", "meadow rests"], ["wait", 0.4],
        ["look", "meadow", "meadow rests on"], ["walk", (0.0, 0.0, 0.0), 0.5], ["wait", 0.6],
        ["look", "meadow", "meadow again"], ["mark", "end"],
    ]  # fmt: skip
    return walk


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with Serving(write_places(tmp_path_factory.mktemp("places"))) as serving:
        yield serving


@pytest.fixture(scope="module")
def played(engine: Engine, daemon: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """One walk through all of it: the engine starts once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROOMTONE_ENDPOINT", daemon.endpoint)
        yield Stage(engine, tmp_path_factory.mktemp("heard"), steps()).finished()


@pytest.fixture(scope="module")
def around(daemon: Serving) -> dict[str, Samples]:
    """What the daemon sends of the scene, its trim wide open."""
    return sent_around(daemon)


def sent_around(daemon: Serving) -> dict[str, Samples]:
    return sent(daemon.endpoint, "around", 8.0, seed=9, trim=0.0)


def at(known: dict[str, Samples], start: int, first: int, last: int) -> list[Samples]:
    return [samples[first - start : last - start] for samples in known.values()]


def test_what_is_played_is_what_was_sent_to_the_bit_also_through_a_stall_of_the_game(
    played: Played, daemon: Serving
) -> None:
    layers = sent(daemon.endpoint, "town", 3.0)
    whole = layers["street"] + layers["air"]
    heard = played.sound[: played.mark("town ends")]
    start = begins_at(whole, heard)
    frames = len(heard) - start
    assert frames > 1.3 * 48_000
    np.testing.assert_allclose(heard[start + FADED_IN_FRAMES :], whole[FADED_IN_FRAMES:frames], atol=1e-6)
    assert played.report["town"]["underruns"] == 0


def test_a_layer_begins_with_a_fade_and_not_with_a_click(played: Played, daemon: Serving) -> None:
    layers = sent(daemon.endpoint, "town", 1.0)
    whole = layers["street"] + layers["air"]
    start = begins_at(whole, played.sound[: played.mark("town ends")])
    rise = np.sin((np.arange(FADED_IN_FRAMES) + 0.5) * (np.pi / 2 / FADED_IN_FRAMES))[:, None]
    heard = played.sound[start : start + FADED_IN_FRAMES]
    np.testing.assert_allclose(heard, whole[:FADED_IN_FRAMES] * rise, atol=1e-5)


@pytest.mark.parametrize("pose", POSES)
def test_a_layer_is_heard_from_where_it_is_as_loud_as_it_is_far(
    played: Played, around: dict[str, Samples], pose: str
) -> None:
    found = fitted(played, around, pose)
    for layer, placement in PLACEMENTS.items():
        law = placed_gains(placement, POSES[pose], channels=1)[0]
        np.testing.assert_allclose(found[layer], law, atol=0.02, err_msg=layer)


def fitted(played: Played, known: dict[str, Samples], name: str) -> dict[str, NDArray[np.float64]]:
    opened = played.mark("around")
    reference = known["west"] + known["east"] + known["pond"]
    start = opened + begins_at(reference, played.sound[opened : opened + 48_000])
    first, last = played.mark(name), played.mark(name + "!")
    gains = gains_of(at(known, start, first, last), played.sound[first:last])
    return dict(zip(known, gains, strict=True))


def test_a_layer_on_one_side_is_louder_there(played: Played, around: dict[str, Samples]) -> None:
    ahead = fitted(played, around, "ahead")
    left, right = np.abs(ahead["west"])
    assert gain_to_db(left / right) > 15.0
    left, right = np.abs(ahead["east"])
    assert gain_to_db(right / left) > 15.0


def test_a_layer_rises_with_its_parameter(played: Played, around: dict[str, Samples]) -> None:
    before, risen = fitted(played, around, "away"), fitted(played, around, "risen")
    for gains, trim_db in ((before["all"], TRIM_DB[0]), (risen["all"], TRIM_DB[1])):
        assert [gain_to_db(gain) for gain in gains] == pytest.approx([trim_db, trim_db], abs=0.5)


def test_walking_from_zone_to_zone_keeps_the_power(played: Played, daemon: Serving) -> None:
    meadow, cave = (next(iter(sent(daemon.endpoint, name, 7.0).values())) for name in ("meadow", "cave"))
    shares = zone_shares(played, meadow, cave)
    power_db = 10.0 * np.log10(np.sum(shares**2, axis=1))
    assert np.abs(power_db).max() < 1.0
    np.testing.assert_allclose(shares[0], (1.0, 0.0), atol=0.01)
    np.testing.assert_allclose(shares[-1], (0.0, 1.0), atol=0.01)
    both = (shares > 0.2).all(axis=1)
    assert both.sum() >= 5, "they were heard together on the way"


def zone_shares(played: Played, meadow: Samples, cave: Samples) -> NDArray[np.float64]:
    """Return how loud both zones were on the way, every 50 ms."""
    first, last = played.mark("meadow"), played.mark("arrived")
    began = played.mark("risen!")
    start = began + begins_at(meadow, played.sound[began : began + 96_000])
    heard = played.sound[first:last]
    # The cave rested until it was first heard: its clock is its own.
    gone = played.mark("arrives")
    cave_start = gone + begins_at(cave[24_000:], played.sound[gone - 96_000 : last]) - 96_000 - 24_000
    frames = 2_400
    rows = []
    for at_frame in range(0, len(heard) - frames, frames):
        now = first + at_frame
        sounds = [meadow[now - start :][:frames], silent_before(cave, now - cave_start, frames)]
        rows.append(gains_of(sounds, played.sound[now : now + frames])[:, 0])
    return np.array(rows)


def silent_before(samples: Samples, first: int, frames: int) -> Samples:
    """Return samples from a frame on that may lie before the first."""
    missing = min(max(0, -first), frames)
    return np.concatenate(
        (np.zeros((missing, 2), np.float32), samples[max(0, first) : max(0, first + frames)])
    )[:frames]


def test_what_nobody_hears_rests_and_goes_on_where_it_was(played: Played) -> None:
    before = played.report["cave before"]
    assert (before["position_frame"], before["level"]) == (0, 0.0)
    assert before["buffered_ms"] >= 400.0
    rests, on, again = (played.report[f"meadow {name}"] for name in ("rests", "rests on", "again"))
    assert rests["position_frame"] == on["position_frame"] < again["position_frame"]
    assert again["underruns"] == 0


def test_parameters_are_typed_properties_within_their_range(played: Played) -> None:
    (row,) = played.report["around"]["properties"]
    assert (row["name"], row["type"]) == ("parameters/trim", TYPE_FLOAT)
    assert row["hint_string"].startswith("-40.0,0.0,")
    assert "suffix:dB" in row["hint_string"]
    assert played.report["town"]["moods"] == ["storm"]


def test_layers_become_the_node_that_their_placement_asks_for(played: Played) -> None:
    kinds = {layer: about["kind"] for layer, about in played.report["around"]["layers"].items()}
    assert kinds == {
        "west": "AudioStreamPlayer3D",
        "east": "AudioStreamPlayer3D",
        "pond": "AudioStreamPlayer3D",
        "all": "AudioStreamPlayer",
    }


def test_the_daemon_hears_goodbye(played: Played, daemon: Serving) -> None:
    assert played.report
    games = [line for line in daemon.lines if line.get("client", "").startswith("Roomtone:")]
    assert [line["event"] for line in games] == ["client connected", "session ended"]
    assert "goodbye" in games[-1]["why"]


def test_nothing_was_warned_of(played: Played) -> None:
    assert played.report["warnings"] == []
