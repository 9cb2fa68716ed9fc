"""A prompt's layer through the host: asked for in the right order, handed over when ready, told of every step."""

from pathlib import Path

import pytest
from playhouse import Peer
from studio import ATTIC, Studio, install_model

from roomtone.models.crew import Governor
from roomtone.models.pool import RESTS_S
from roomtone.models.wishes import Urgency
from roomtone.wire.messages import (
    Audio,
    Bye,
    CloseLayer,
    CloseScene,
    Error,
    Govern,
    LayerEvent,
    LayerOpened,
    Request,
    SceneChanged,
    Set,
)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def open_window(studio: Studio) -> tuple[Peer, int]:
    client = studio.client()
    scene = client.open_scene("attic").scene
    client.open_layer(scene, "window")
    client.grant(scene, 10)
    studio.look()
    return client, scene


def play(client: Peer, scene: int, blocks: int) -> list[tuple[str, str, str]]:
    """Let some more blocks come; returns the steps on the ladder that came with them."""
    before = max(client.blocks(scene), default=-1) + 1
    client.take()
    for until in range(before + 20, before + blocks + 20, 20):
        client.grant(scene, min(until, before + blocks), received=max(0, until - 40))
    return steps(client)


def steps(client: Peer) -> list[tuple[str, str, str]]:
    events = client.messages(LayerEvent)
    return [(event.source, event.bank, event.reason) for event in events if event.event == "source"]


# Asking -------------------------------------------------------------------------------------------


def test_what_sounds_is_asked_for_first_then_where_it_goes_then_next_door_then_more(studio: Studio) -> None:
    client, scene = open_window(studio)
    assert steps(client) == [("stand_in", "", "making")]
    assert studio.pool.urgent(Urgency.SOUNDING) == ["light rain on a window"]
    assert studio.pool.urgent(Urgency.NEIGHBOUR) == [
        "water dripping in a cellar",
        "heavy rain on a window",
    ]
    assert len(studio.pool.urgent(Urgency.MORE)) == 3
    client.say(Set(id=client.next_id(), scene=scene, values={"rain": 1.0}))
    studio.look()
    assert studio.pool.urgent(Urgency.HEADING) == ["heavy rain on a window"]


def test_of_prompts_that_are_not_open_only_those_next_door_are_asked_for(studio: Studio) -> None:
    client = studio.client()
    scene = client.open_scene("attic").scene
    studio.look()
    assert studio.pool.wanted == {}
    client.open_layer(scene, "roof")
    studio.look()
    assert {wish.recipe.prompt for wish in studio.pool.wishes} == {"water dripping in a cellar"}


@pytest.mark.parametrize("way", ["bye", "close the scene", "close the layer", "vanish"])
def test_a_client_that_leaves_wants_nothing_any_more(studio: Studio, way: str) -> None:
    client, scene = open_window(studio)
    assert studio.pool.wanted
    if way == "bye":
        client.say(Bye())
    elif way == "close the scene":
        client.say(CloseScene(id=client.next_id(), scene=scene))
    elif way == "close the layer":
        (opened,) = client.messages(LayerOpened)
        client.say(CloseLayer(id=client.next_id(), stream=opened.stream))
    else:
        client.break_off()
        studio.now_s += 16.0
        studio.host.register.expire()
    studio.look()
    assert studio.pool.wanted == {}


def test_a_client_that_may_come_back_keeps_its_place(studio: Studio) -> None:
    client, _ = open_window(studio)
    client.break_off()
    studio.look()
    assert studio.pool.wanted


# Handing over -------------------------------------------------------------------------------------


def test_a_layer_becomes_the_models_when_the_first_clip_is_ready(studio: Studio) -> None:
    client, scene = open_window(studio)
    studio.pool.make_all(Urgency.SOUNDING)
    studio.look()
    assert play(client, scene, 10) == [("exact", "light rain on a window", "ready")]
    assert studio.pool.urgent(Urgency.SOUNDING) == []


def test_the_events_come_before_the_audio_of_their_frame(studio: Studio) -> None:
    client, scene = open_window(studio)
    studio.pool.make_all(Urgency.SOUNDING)
    studio.look()
    play(client, scene, 10)
    arrived = client.messages(LayerEvent, Audio)
    at = next(i for i, message in enumerate(arrived) if isinstance(message, LayerEvent))
    assert arrived[at + 1].first_frame == arrived[at].at_frame


def test_the_whole_bank_takes_the_place_of_its_first_clip_without_a_word(studio: Studio) -> None:
    client, scene = open_window(studio)
    studio.pool.make_all(Urgency.SOUNDING)
    studio.look()
    play(client, scene, 10)
    (playing,) = [
        prompt
        for _, stage in studio.host.register.stages()
        for prompt in stage.performance.prompts().values()
    ]
    assert len(playing.keys_of((0,))) == 1
    studio.pool.make_all()
    studio.look()
    assert len(playing.keys_of((0,))) == 2
    assert play(client, scene, 10) == []


def test_the_state_moves_the_layer_from_bank_to_bank(studio: Studio) -> None:
    client, scene = open_window(studio)
    studio.pool.make_all()
    studio.look()
    play(client, scene, 10)
    client.say(Set(id=client.next_id(), scene=scene, values={"rain": 1.0}))
    assert play(client, scene, 3000) == [("exact", "heavy rain on a window", "moved")]


def test_a_scene_that_is_opened_when_its_clips_are_there_begins_with_them(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    open_window(studio)
    studio.pool.make_all()
    later = Studio(tmp_path)
    client = later.client()
    scene = client.open_scene("attic").scene
    client.open_layer(scene, "window")
    client.grant(scene, 10)
    assert steps(client) == [("exact", "light rain on a window", "opened")]
    later.look()
    assert later.pool.urgent(Urgency.SOUNDING) == []
    assert play(client, scene, 10) == []


def test_the_same_clips_and_frames_are_the_same_samples_whoever_asks(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    open_window(studio)
    studio.pool.make_all()
    heard = []
    for _ in range(2):
        again = Studio(tmp_path)
        client = again.client()
        scene = client.open_scene("attic", seed=3).scene
        client.open_layer(scene, "window")
        client.grant(scene, 50)
        heard.append(client.pcm(scene))
    assert heard[0] == heard[1]
    assert any(heard[0].values())


def test_a_clip_that_is_damaged_when_it_is_wanted_is_made_again(studio: Studio) -> None:
    client, scene = open_window(studio)
    studio.pool.make_all(Urgency.SOUNDING)
    for file in (studio.cache.root / "content").rglob("*.flac"):
        file.write_bytes(file.read_bytes()[:-100])
    studio.look()
    assert play(client, scene, 10) == []
    assert studio.pool.urgent(Urgency.SOUNDING) == ["light rain on a window"]
    studio.pool.make_all(Urgency.SOUNDING)
    studio.look()
    assert play(client, scene, 10) == [("exact", "light rain on a window", "ready")]


# Trouble ------------------------------------------------------------------------------------------


def test_without_a_model_the_stand_in_plays_and_the_client_is_told_why(tmp_path: Path) -> None:
    studio = Studio(tmp_path, models=())
    client, scene = open_window(studio)
    assert ("stand_in", "", "no-model") in [*steps(client), *play(client, scene, 5)]
    (error,) = [message for _, message in studio.sent if isinstance(message, Error)]
    assert (error.id, error.code) == (0, "model.none")
    assert "roomtone models add" in error.fix
    assert studio.pool.wanted == {}


def test_a_model_that_is_installed_later_is_used(tmp_path: Path) -> None:
    studio = Studio(tmp_path, models=())
    client, scene = open_window(studio)
    install_model(tmp_path / "models", "toy")
    studio.now_s += 31.0
    studio.look()
    studio.pool.make_all(Urgency.SOUNDING)
    studio.look()
    assert ("exact", "light rain on a window", "ready") in play(client, scene, 10)


def test_of_two_models_one_must_be_named(tmp_path: Path) -> None:
    studio = Studio(tmp_path, models=("toy", "other"))
    client, _ = open_window(studio)
    errors = [message for _, message in studio.sent if isinstance(message, Error)]
    assert [error.code for error in errors] == ["model.ambiguous"]
    assert client.connected


def test_a_clip_that_cannot_be_made_is_told_once_and_asked_for_again_after_a_rest(studio: Studio) -> None:
    client, scene = open_window(studio)
    (wish,) = [wish for wish in studio.pool.wishes if wish.rank.urgency is Urgency.SOUNDING]
    studio.pool.miss(wish)
    studio.pool.miss(wish)
    studio.look()
    assert [error.code for error in client.messages(Error)] == ["model.died"]
    assert play(client, scene, 5) == [("stand_in", "", "model.died")]
    assert studio.pool.urgent(Urgency.SOUNDING) == []
    studio.now_s += RESTS_S
    studio.look()
    assert studio.pool.urgent(Urgency.SOUNDING) == ["light rain on a window"]


def test_one_client_leaving_while_its_clips_are_loaded_harms_nobody(studio: Studio) -> None:
    client, _ = open_window(studio)
    studio.pool.make_all(Urgency.SOUNDING)
    studio.now_s += 1.0
    studio.supply.look_after()
    client.say(Bye())
    studio.work()
    studio.look()
    assert not [entry for entry in studio.log.said if entry[0] == "error"]


# Edits --------------------------------------------------------------------------------------------


def test_an_edited_prompt_asks_for_its_own_clips(studio: Studio) -> None:
    client, scene = open_window(studio)
    studio.pool.make_all()
    studio.look()
    play(client, scene, 10)
    studio.edit(ATTIC.replace("rain on a window", "hail on a window"), "attic")
    studio.look()
    assert studio.pool.urgent(Urgency.SOUNDING) == ["light hail on a window"]
    assert play(client, scene, 200) == [("stand_in", "", "making")]
    studio.pool.make_all()
    studio.look()
    assert play(client, scene, 200) == [("exact", "light hail on a window", "ready")]


def test_an_edit_of_the_stand_in_leaves_the_clips_playing_at_its_new_level(studio: Studio) -> None:
    client, scene = open_window(studio)
    studio.pool.make_all()
    studio.look()
    play(client, scene, 10)
    (stage,) = [stage for _, stage in studio.host.register.stages()]
    before = stage.performance.prompts()["window"].law
    studio.edit(ATTIC.replace("intensity: 0.5", "intensity: 0.9"), "attic")
    studio.look()
    after = stage.performance.prompts()["window"].law
    assert before is not None
    assert after is not None
    assert after.level_db > before.level_db + 1.0
    assert play(client, scene, 100) == []


# Requests -----------------------------------------------------------------------------------------


def ask(client: Peer, scene: int, prompt: str = "heavy rain on a tin roof", **fields: object) -> int:
    request = client.next_id()
    said = {"layer": "asked", "variations": 1, "seconds": 2.0, **fields}
    client.say(Request(id=request, scene=scene, prompt=prompt, **said))  # type: ignore[arg-type]
    client.house.work()
    return request


def test_a_request_sounds_at_once_and_becomes_the_models(studio: Studio) -> None:
    client = studio.client()
    scene = client.open_scene("attic").scene
    request = ask(client, scene)
    (changed,), (opened,) = client.messages(SceneChanged), client.messages(LayerOpened)
    assert changed.added == ("asked",)
    assert (opened.id, opened.layer, opened.channels) == (request, "asked", 2)
    client.grant(scene, 10)
    assert steps(client) == [("stand_in", "", "making")]
    assert any(client.pcm(scene).values())
    studio.look()
    studio.pool.make_all(Urgency.SOUNDING)
    studio.look()
    assert play(client, scene, 10) == [("exact", "heavy rain on a tin roof", "ready")]


def test_words_that_no_synth_knows_are_named(studio: Studio) -> None:
    client = studio.client()
    scene = client.open_scene("attic").scene
    ask(client, scene, "rain and a zeppelin")
    (error,) = client.messages(Error)
    assert (error.id, error.code) == (0, "prompt.unknown-words")
    assert "zeppelin" in error.what
    assert client.messages(LayerOpened)


def test_a_request_of_which_nothing_is_known_still_sounds(studio: Studio) -> None:
    client = studio.client()
    scene = client.open_scene("attic").scene
    ask(client, scene, "a zeppelin")
    client.grant(scene, 100)
    assert any(client.pcm(scene).values())


def test_a_requests_slots_follow_the_scene(studio: Studio) -> None:
    client = studio.client()
    scene = client.open_scene("attic", values={"rain": 0.9}).scene
    ask(client, scene, "{rain: a few drops|pouring rain} on leaves")
    client.grant(scene, 5)
    studio.look()
    assert studio.pool.urgent(Urgency.SOUNDING) == ["pouring rain on leaves"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"layer": "window"}, "request.layer-exists"),
        ({"layer": "My Layer"}, "request.layer-name"),
        ({"prompt": "{rain: light rain"}, "request.prompt"),
        ({"prompt": "{snow: light|heavy} snow"}, "request.unknown-parameter"),
        ({"prompt": "rain\nhail"}, "request.prompt"),
    ],
)
def test_a_request_that_cannot_be_granted_changes_nothing(
    studio: Studio, fields: dict[str, str], code: str
) -> None:
    client = studio.client()
    scene = client.open_scene("attic").scene
    client.take()
    request = ask(client, scene, **fields)
    assert client.refused_with(code, request)
    assert client.messages(SceneChanged) == []


def test_requests_have_an_end(studio: Studio) -> None:
    client = studio.client()
    scene = client.open_scene("attic").scene
    for i in range(32):
        ask(client, scene, "wind", layer=f"wind_{i}")
    request = ask(client, scene, "wind", layer="one_more")
    assert client.refused_with("request.too-many-requests", request)


def test_a_requested_layer_lives_through_an_edit_of_the_file(studio: Studio) -> None:
    client = studio.client()
    scene = client.open_scene("attic").scene
    ask(client, scene)
    client.grant(scene, 10)
    client.take()
    studio.edit(ATTIC.replace("roof: {synth: rain}", "roof: {synth: wind}"), "attic")
    studio.work()
    (changed,) = client.messages(SceneChanged)
    assert (changed.added, changed.changed, changed.removed) == ((), ("roof",), ())
    assert "asked" in [layer.name for layer in changed.layers]
    client.grant(scene, 20)
    assert any(client.pcm(scene).values())


def test_a_requested_layer_whose_parameter_an_edit_removes_fades(studio: Studio) -> None:
    client = studio.client()
    scene = client.open_scene("attic").scene
    ask(client, scene, "{rain: light|heavy} rain")
    client.grant(scene, 10)
    client.take()
    studio.edit(ATTIC.replace("  rain:", "  wet:").replace("{rain:", "{wet:"), "attic")
    studio.work()
    (changed,) = client.messages(SceneChanged)
    assert "asked" in changed.removed


# The game's processor -----------------------------------------------------------------------------


def test_the_least_that_anybody_leaves_to_the_models_counts_while_they_are_there(studio: Studio) -> None:
    one, two = studio.client(), studio.client()
    one.say(Govern(max_share=0.5))
    two.say(Govern(max_share=0.25, max_vram_gb=6.0))
    studio.look()
    assert studio.pool.governor == Governor(max_share=0.25, max_vram_gb=6.0)
    two.say(Bye())
    studio.look()
    assert studio.pool.governor == Governor(max_share=0.5)
