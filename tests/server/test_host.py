"""What a client may expect of the daemon: sessions, requests, refusals, reloads and ends, without a socket."""

import msgpack
import pytest
from playhouse import BROKEN, YARD, Playhouse

from roomtone.audio import BLOCK_FRAMES
from roomtone.layers import performance as performance_module
from roomtone.server import session as session_module
from roomtone.server.session import IDLE_S, MOST_OFFENCES, MOST_PLANNED, MOST_SCENES, MOST_STREAMS
from roomtone.server.stage import Stage
from roomtone.wire.codec import encode
from roomtone.wire.messages import (
    Applied,
    Audio,
    Bye,
    CloseLayer,
    CloseScene,
    Credit,
    Error,
    GetStats,
    Hello,
    LayerClosed,
    LayerEvent,
    LayerOpened,
    Listener,
    Morph,
    OpenLayer,
    OpenScene,
    SceneChanged,
    SceneClosed,
    SceneOpened,
    Set,
    Stats,
    Welcome,
)

REQUESTS = (
    OpenScene(id=9, name="yard"),
    CloseScene(id=9, scene=1),
    OpenLayer(id=9, scene=1, layer="street"),
    CloseLayer(id=9, stream=1),
    Set(id=9, scene=1, values={}),
    Morph(id=9, scene=1, mood="storm", over_s=1.0),
    Credit(scene=1, until_frame=0, received_frame=0),
    Listener(scene=1, at_m=(0.0, 0.0, 0.0)),
    GetStats(id=9),
    Bye(),
)


# Hello --------------------------------------------------------------------------------------------


def test_a_hello_is_answered_with_a_session_and_what_can_be_opened(house: Playhouse):
    welcome = house.peer().hello(client="game 1.0")
    assert isinstance(welcome, Welcome)
    assert (welcome.version, welcome.resumed, welcome.scenes) == (1, False, ("yard",))
    assert len(welcome.session) >= 32


def test_no_common_version_is_refused_with_the_one_that_is_spoken(house: Playhouse):
    refusal = house.peer().hello(versions=(2, 7))
    assert isinstance(refusal, Error)
    assert refusal.code == "session.no-common-version"
    assert "version 1" in refusal.what
    assert len(house.host.register.everyone()) == 0


@pytest.mark.parametrize("token", ["", "wrong", "sesam ", "ä"])
def test_a_wrong_token_opens_nothing(house: Playhouse, token: str, scenes_dir):
    guarded = Playhouse(scenes_dir, token="sesam")
    assert guarded.peer().hello(token=token).code == "session.bad-token"  # type: ignore[union-attr]
    assert len(guarded.host.register.everyone()) == 0
    assert isinstance(guarded.peer().hello(token="sesam"), Welcome)


def test_one_client_too_many_is_refused_and_may_try_again(house: Playhouse):
    clients = [house.client() for _ in range(4)]
    late = house.peer()
    late.hello()
    assert late.refused_with("session.too-many")
    clients[0].say(Bye())
    assert isinstance(late.hello(), Welcome)


def test_a_daemon_that_drains_takes_nobody_new(house: Playhouse):
    house.host.drain()
    late = house.peer()
    late.hello()
    assert late.refused_with("session.draining")


@pytest.mark.parametrize("message", REQUESTS, ids=lambda message: type(message).__name__)
def test_nothing_is_done_before_hello(house: Playhouse, message):
    stranger = house.peer()
    stranger.say(message)
    assert stranger.refused_with("session.hello-first", getattr(message, "id", 0))
    assert len(house.host.register.everyone()) == 0


def test_a_second_hello_is_refused_and_changes_nothing(house: Playhouse):
    client = house.client()
    scene = client.open_yard()
    client.hello()
    assert client.refused_with("session.already-open")
    client.grant(scene, 2)
    assert client.blocks(scene) == [0, 1]


# Requests and refusals ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (CloseScene(id=9, scene=99), "request.scene-not-open"),
        (OpenLayer(id=9, scene=99, layer="street"), "request.scene-not-open"),
        (OpenLayer(id=9, scene=1, layer="strete"), "request.unknown-layer"),
        (CloseLayer(id=9, stream=99), "request.stream-not-open"),
        (Set(id=9, scene=99, values={}), "request.scene-not-open"),
        (Set(id=9, scene=1, values={"rain": 0.0, "rian": 0.0}), "request.unknown-parameter"),
        (Morph(id=9, scene=1, mood="sturm", over_s=1.0), "request.unknown-mood"),
        (Credit(scene=99, until_frame=0, received_frame=0), "request.scene-not-open"),
        (Credit(scene=1, until_frame=96_000, received_frame=480), "request.credit-ahead"),
        (Listener(scene=99, at_m=(0.0, 0.0, 0.0)), "request.scene-not-open"),
        (OpenScene(id=9, name="nowhere"), "request.unknown-scene"),
        (OpenScene(id=9, name="yard", first_frame=1), "request.unaligned-frame"),
        (OpenScene(id=9, name="yard", values={"rian": 1.0}), "request.unknown-parameter"),
    ],
)
def test_a_request_that_cannot_be_met_is_answered_under_its_id_and_changes_nothing(
    house: Playhouse, message, code: str
):
    client, twin = house.client(), house.client()
    scenes = [peer.open_yard() for peer in (client, twin)]
    client.say(message)
    house.work()
    assert client.refused_with(code, getattr(message, "id", 0))
    for peer, scene in zip((client, twin), scenes, strict=True):
        peer.grant(scene, 3)
    assert list(client.pcm(scenes[0]).values()) == list(twin.pcm(scenes[1]).values())


def test_a_scene_that_cannot_be_read_is_refused_with_its_line(house: Playhouse):
    (house.scenes_dir / "yard.yaml").write_text(BROKEN, encoding="utf-8")
    client = house.client()
    client.say(OpenScene(id=9, name="yard"))
    house.work()
    assert client.refused_with("request.broken-scene", 9)
    assert ".yaml:10:" in client.last().at


def test_a_message_that_breaks_the_format_is_answered_under_its_id_where_it_can_be_read(house: Playhouse):
    client = house.client()
    client.say_raw(msgpack.packb({"t": "get_stats", "id": 0}))
    assert client.refused_with("wire.out-of-range", 0)
    client.say_raw(msgpack.packb({"t": "set", "id": 77, "scene": 1, "values": {"rain": float("nan")}}))
    assert client.refused_with("wire.not-finite", 77)
    client.say_raw(encode(GetStats(id=1)), b"")
    assert client.refused_with("wire.bad-frames", 0)
    client.say_raw()
    assert client.refused_with("wire.bad-frames", 0)


def test_too_many_unreadable_messages_end_the_session(house: Playhouse):
    client = house.client()
    for _ in range(MOST_OFFENCES):
        client.say_raw(b"\xc1")
    assert len(house.host.register.everyone()) == 1
    client.say_raw(b"\xc1")
    assert client.last() == Bye(reason="bad-messages")
    assert len(house.host.register.everyone()) == 0


def test_requests_that_are_refused_are_no_offence(house: Playhouse):
    client = house.client()
    for _ in range(3 * MOST_OFFENCES):
        client.say(CloseScene(id=1, scene=5))
    assert len(house.host.register.everyone()) == 1


def test_what_is_said_of_a_scene_that_was_open_is_ignored(house: Playhouse):
    client = house.client()
    scene = client.open_yard()
    client.say(CloseScene(id=5, scene=scene))
    assert client.last() == SceneClosed(id=5, scene=scene)
    client.take()
    client.say(Credit(scene=scene, until_frame=480, received_frame=0))
    client.say(Listener(scene=scene, at_m=(0.0, 0.0, 0.0)))
    assert client.take() == []


# Limits -------------------------------------------------------------------------------------------


def test_scenes_beyond_the_limit_are_refused_while_others_are_still_being_read(house: Playhouse):
    client = house.client()
    for i in range(MOST_SCENES + 5):
        client.say(OpenScene(id=i + 1, name="yard"))
    assert len(house.workshop.jobs) <= MOST_SCENES
    house.work()
    assert len(client.messages(SceneOpened)) == MOST_SCENES
    assert [error.code for error in client.messages(Error)] == 5 * ["request.too-many-scenes"]


def test_streams_beyond_the_limit_are_refused_while_others_are_being_prepared(house: Playhouse):
    client = house.client()
    scene = client.open_scene().scene
    for i in range(MOST_STREAMS + 3):
        client.say(OpenLayer(id=i + 1, scene=scene, layer=("street", "wind")[i % 2]))
    assert len(house.workshop.jobs) == MOST_STREAMS
    house.work()
    assert len(client.messages(LayerOpened)) == MOST_STREAMS
    assert [error.code for error in client.messages(Error)] == 3 * ["request.too-many-streams"]


def test_changes_beyond_the_limit_may_not_wait_but_one_for_now_never_has_to(house: Playhouse):
    client = house.client()
    scene = client.open_yard()
    for i in range(MOST_PLANNED + 2):
        client.say(Set(id=i + 1, scene=scene, values={"rain": 0.5}, at_frame=(i + 9) * BLOCK_FRAMES))
    assert [(error.id, error.code) for error in client.messages(Error)] == [
        (MOST_PLANNED + 1, "request.too-many-changes"), (MOST_PLANNED + 2, "request.too-many-changes")
    ]  # fmt: skip
    client.say(Set(id=999, scene=scene, values={"rain": 0.0}))
    assert client.last() == Applied(id=999, scene=scene, at_frame=0)


def test_what_is_kept_for_a_client_is_bounded_in_bytes(house: Playhouse, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session_module, "MOST_KEPT_BYTES", 100_000)
    client = house.client()
    scene = client.open_yard("street", "wind")
    client.grant(scene, 150)
    sent = len(client.blocks(scene))
    assert 10 <= sent <= 14
    client.grant(scene, 150, received=sent)
    assert len(client.blocks(scene)) > sent + 10


def test_a_client_that_acknowledges_nothing_gets_two_seconds_and_no_more(house: Playhouse):
    client = house.client()
    scene = client.open_yard("wind")
    client.grant(scene, 100_000)
    assert client.blocks(scene)[-1] < 200


# Streams ------------------------------------------------------------------------------------------


def test_granted_blocks_are_sent_even_while_no_stream_is_open(house: Playhouse):
    client = house.client()
    scene = client.open_scene().scene
    client.grant(scene, 3)
    assert [(audio.first_frame, audio.streams) for audio in client.messages(Audio)] == [
        (0, ()), (480, ()), (960, ())
    ]  # fmt: skip
    assert client.open_layer(scene, "street").first_frame == 3 * BLOCK_FRAMES


def test_one_layer_may_be_opened_in_several_shapes_and_is_performed_once(house: Playhouse):
    client = house.client()
    scene = client.open_scene().scene
    shapes = [
        client.open_layer(scene, "street", format=f, channels=c) for f in ("f32", "s16") for c in (0, 1, 2)
    ]
    assert [opened.channels for opened in shapes] == [2, 1, 2, 2, 1, 2]
    client.grant(scene, 1)
    heard = client.pcm(scene)
    assert [len(heard[0, opened.stream]) for opened in shapes] == [3840, 1920, 3840, 1920, 960, 1920]
    assert heard[0, shapes[0].stream] == heard[0, shapes[2].stream]
    client.say(CloseLayer(id=9, stream=shapes[0].stream))
    client.grant(scene, 2, received=1)
    assert (1, shapes[2].stream) in client.pcm(scene)


def test_a_stream_ends_where_its_close_says(house: Playhouse):
    client = house.client()
    scene = client.open_yard()
    client.grant(scene, 2)
    stream = client.messages(LayerOpened)[0].stream
    client.say(CloseLayer(id=9, stream=stream))
    assert client.last() == LayerClosed(id=9, stream=stream, end_frame=2 * BLOCK_FRAMES)
    client.grant(scene, 4, received=2)
    assert max(block for block, s in client.pcm(scene) if s == stream) == 1


def test_places_of_scattered_layers_come_before_their_block(house: Playhouse):
    client = house.client()
    scene = client.open_yard("sky")
    client.grant(scene, 100)
    for i, (message, _) in enumerate(client.arrived):
        if isinstance(message, LayerEvent):
            later = next(m for m, _ in client.arrived[i:] if isinstance(m, Audio))
            assert later.first_frame == message.at_frame
    assert len(client.messages(LayerEvent)) > 3


def test_an_update_is_answered_before_the_block_in_which_it_is_heard(house: Playhouse):
    client = house.client()
    scene = client.open_yard()
    client.grant(scene, 3)
    client.take()
    client.say(Set(id=9, scene=scene, values={"rain": 0.0}))
    house.produce()
    answer, *heard = client.take()
    assert answer == Applied(id=9, scene=scene, at_frame=3 * BLOCK_FRAMES)
    assert [(audio.first_frame, audio.more) for audio in heard] == [(1440, True), (1440, False)]
    client.say(Set(id=10, scene=scene, values={"rain": 1.0}, at_frame=100 * BLOCK_FRAMES))
    assert client.last() == Applied(id=10, scene=scene, at_frame=100 * BLOCK_FRAMES)


def test_a_change_overtakes_the_rest_of_a_block_and_every_stream_stays_whole(house: Playhouse):
    house.interrupts = True
    client, calm = house.client(), house.client()
    scenes = [peer.open_yard("street", "wind", "sky") for peer in (client, calm)]
    client.say(Credit(scene=scenes[0], until_frame=40 * BLOCK_FRAMES, received_frame=0))
    for i in range(60):
        house.host.produce()
        if i % 3 == 0:
            client.say(Set(id=100 + i, scene=scenes[0], values={"rain": 0.6, "level": 1.0}))
    house.produce()
    calm.grant(scenes[1], 39)
    assert client.blocks(scenes[0])[:39] == list(range(39))
    streams = [
        sorted({stream for _, stream in peer.pcm(scene)})
        for peer, scene in zip((client, calm), scenes, strict=True)
    ]
    for mine, other in zip(*streams, strict=True):
        first = [pcm for (block, s), pcm in sorted(client.pcm(scenes[0]).items()) if s == mine]
        second = [pcm for (block, s), pcm in sorted(calm.pcm(scenes[1]).items()) if s == other]
        assert first[:39] == second[:39]
    assert any(audio.more for audio in client.messages(Audio))


def test_a_layer_closed_and_opened_in_the_middle_of_a_block_loses_no_block(house: Playhouse):
    house.interrupts = True
    client = house.client()
    scene = client.open_yard("street", "wind", "sky")
    stream = client.messages(LayerOpened)[1].stream
    client.say(Credit(scene=scene, until_frame=20 * BLOCK_FRAMES, received_frame=0))
    house.host.produce()
    client.say(CloseLayer(id=9, stream=stream))
    end_frame = client.last().end_frame
    opened = client.open_layer(scene, "wind")
    client.say(Set(id=10, scene=scene, values={"level": 0.5}))
    house.produce()
    heard = client.pcm(scene)
    assert [block for block, s in heard if s == stream] == list(range(end_frame // BLOCK_FRAMES))
    assert next(block for block, s in heard if s == opened.stream) == opened.first_frame // BLOCK_FRAMES
    assert client.blocks(scene)[:19] == list(range(19))


# Statistics ---------------------------------------------------------------------------------------


def test_figures_are_the_clients_own(house: Playhouse):
    client, other = house.client(), house.client()
    scene = client.open_yard()
    other.open_yard("street")
    client.grant(scene, 5)
    house.now_s += 7.0
    client.say(GetStats(id=9))
    stats = client.last()
    assert isinstance(stats, Stats)
    assert (stats.clients, stats.streams_total, len(stats.streams)) == (2, 3, 2)
    assert stats.uptime_s >= 7.0
    assert stats.resident_bytes > 1_000_000
    assert all(stream.audible and -60.0 < stream.level_db < 0.0 for stream in stats.streams)
    assert {stream.sent_frames for stream in stats.streams} == {5 * BLOCK_FRAMES}


def test_silence_has_a_level_that_a_message_can_carry(house: Playhouse):
    client = house.client()
    client.open_yard()
    client.say(GetStats(id=9))
    assert {stream.level_db for stream in client.last().streams} == {-200.0}


# Fairness -----------------------------------------------------------------------------------------


def test_a_greedy_client_does_not_delay_a_modest_one(house: Playhouse):
    greedy, modest = house.client(), house.client()
    scenes = [greedy.open_yard() for _ in range(8)]
    own = modest.open_yard("street")
    for scene in scenes:
        greedy.say(Credit(scene=scene, until_frame=96_000, received_frame=0))
    modest.say(Credit(scene=own, until_frame=5 * BLOCK_FRAMES, received_frame=0))
    house.sent.clear()
    for _ in range(4):
        house.host.produce()
    assert modest.blocks(own) == [0, 1, 2, 3]
    assert sum(route == greedy.route for route, _ in house.sent) == 4


def test_the_scenes_of_one_client_take_turns(house: Playhouse):
    client = house.client()
    scenes = [client.open_yard("wind") for _ in range(3)]
    for scene in scenes:
        client.say(Credit(scene=scene, until_frame=96_000, received_frame=0))
    for _ in range(9):
        house.host.produce()
    assert [len(client.blocks(scene)) for scene in scenes] == [3, 3, 3]


def test_a_client_that_starves_delays_nobody(house: Playhouse):
    starving, fed = house.client(), house.client()
    starving.open_yard()
    scene = fed.open_yard()
    fed.grant(scene, 10)
    assert fed.blocks(scene) == list(range(10))
    assert starving.messages(Audio) == []


def test_a_client_that_does_not_read_is_detached_and_the_others_go_on(house: Playhouse):
    slow, quick = house.client(), house.client()
    scenes = [slow.open_yard(), quick.open_yard()]
    slow.full = True
    slow.say(Credit(scene=scenes[0], until_frame=9600, received_frame=0))
    quick.grant(scenes[1], 10)
    assert quick.blocks(scenes[1]) == list(range(10))
    assert "client too slow" in house.log.events()
    assert len(house.host.register.everyone()) == 2
    back = house.peer()
    assert back.hello(session=slow.secret).resumed  # type: ignore[union-attr]


# Connections --------------------------------------------------------------------------------------


def test_a_lost_client_lingers_and_then_is_forgotten(house: Playhouse):
    client = house.client()
    client.open_yard()
    client.break_off()
    house.now_s += 14.9
    house.host.register.expire()
    assert len(house.host.register.everyone()) == 1
    house.now_s += 0.2
    house.host.register.expire()
    assert len(house.host.register.everyone()) == 0
    assert house.peer().hello(session=client.secret).resumed is False  # type: ignore[union-attr]


def test_a_lost_client_with_nothing_open_takes_up_no_room(house: Playhouse):
    for _ in range(10):
        house.client().break_off()
    assert len(house.host.register.everyone()) == 0


def test_a_paused_client_stays_and_one_that_forgot_to_leave_does_not(house: Playhouse):
    client = house.client()
    client.open_yard()
    house.now_s += IDLE_S - 1.0
    house.host.register.expire()
    assert len(house.host.register.everyone()) == 1
    house.now_s += 2.0
    house.host.register.expire()
    assert client.last() == Bye(reason="idle")
    assert len(house.host.register.everyone()) == 0


def test_a_secret_named_on_another_connection_takes_the_session_over(house: Playhouse):
    old = house.client()
    scene = old.open_yard()
    old.grant(scene, 3)
    new = house.peer()
    welcome = new.hello(session=old.secret)
    assert isinstance(welcome, Welcome)
    assert welcome.resumed
    assert [(known.scene, known.next_frame, len(known.streams)) for known in welcome.scenes_open] == [
        (scene, 0, 2)
    ]
    assert old.last() == Bye(reason="resumed-elsewhere")
    old.say(GetStats(id=9))
    assert old.refused_with("session.hello-first")
    new.grant(scene, 4)
    assert new.blocks(scene) == [0, 1, 2, 3]


def test_a_wrong_secret_opens_a_new_session_and_disturbs_nobody(house: Playhouse):
    client = house.client()
    client.open_yard()
    stranger = house.peer()
    assert stranger.hello(session="0" * 32).resumed is False  # type: ignore[union-attr]
    assert stranger.secret != client.secret
    client.say(GetStats(id=9))
    assert isinstance(client.last(), Stats)


def test_bye_ends_the_session_and_what_it_has_open(house: Playhouse):
    client = house.client()
    client.open_yard()
    client.take()
    client.say(Bye(reason="level done"))
    assert client.take() == []
    assert (len(house.host.register.everyone()), house.host.register.streams) == (0, 0)


def test_draining_sends_every_block_that_is_granted_and_then_says_goodbye(house: Playhouse):
    client, idle = house.client(), house.client()
    scene = client.open_yard()
    client.say(Credit(scene=scene, until_frame=5 * BLOCK_FRAMES, received_frame=0))
    house.host.drain()
    assert client.blocks(scene) == [0, 1, 2, 3, 4]
    assert client.last() == Bye(reason="shutdown")
    assert idle.last() == Bye(reason="shutdown")
    assert len(house.host.register.everyone()) == 0


# Resume -------------------------------------------------------------------------------------------


def test_unacknowledged_blocks_and_their_events_come_again_to_the_byte(house: Playhouse):
    client = house.client()
    scene = client.open_yard("street", "sky")
    client.grant(scene, 60)
    client.grant(scene, 61, received=20)
    before = [frames for message, frames in client.arrived if isinstance(message, Audio | LayerEvent)]
    client.break_off()
    back = house.peer()
    welcome = back.hello(session=client.secret)
    assert welcome.scenes_open[0].next_frame == 20 * BLOCK_FRAMES  # type: ignore[union-attr]
    assert back.messages(Audio) == []
    back.grant(scene, 63, received=20)
    again = [frames for message, frames in back.arrived if isinstance(message, Audio | LayerEvent)]
    kept = [f for f in before if f in again]
    assert again[: len(kept)] == kept
    assert back.blocks(scene) == list(range(20, 63))


def test_a_new_connection_is_sent_no_more_than_it_grants(house: Playhouse):
    client = house.client()
    scene = client.open_yard()
    client.grant(scene, 50)
    client.break_off()
    back = house.peer()
    back.hello(session=client.secret)
    back.say(Credit(scene=scene, until_frame=15 * BLOCK_FRAMES, received_frame=10 * BLOCK_FRAMES))
    house.produce()
    assert back.blocks(scene) == [10, 11, 12, 13, 14]
    back.say(Credit(scene=scene, until_frame=53 * BLOCK_FRAMES, received_frame=15 * BLOCK_FRAMES))
    house.produce()
    assert back.blocks(scene) == list(range(10, 52))


@pytest.mark.parametrize("breaks_after", range(12))
def test_a_connection_that_breaks_in_the_middle_of_a_block_costs_nothing(house: Playhouse, breaks_after: int):
    house.interrupts = True
    client, whole = house.client(), house.client()
    scenes = [peer.open_yard("street", "wind", "sky") for peer in (client, whole)]
    client.breaks_after = breaks_after
    for peer, scene in zip((client, whole), scenes, strict=True):
        peer.say(Credit(scene=scene, until_frame=9 * BLOCK_FRAMES, received_frame=0))
        house.host.produce()
        peer.say(Set(id=9, scene=scene, values={"rain": 0.6}))
        house.produce()
    client.break_off()
    back = house.peer()
    back.hello(session=client.secret)
    received = len(client.blocks(scenes[0]))
    client.breaks_after = None
    back.say(Credit(scene=scenes[0], until_frame=9 * BLOCK_FRAMES, received_frame=received * BLOCK_FRAMES))
    house.produce()
    heard = {key: pcm for key, pcm in client.pcm(scenes[0]).items() if key[0] < received} | back.pcm(
        scenes[0]
    )
    reference = whole.pcm(scenes[1])
    assert sorted(back.blocks(scenes[0])) == back.blocks(scenes[0])
    assert [heard[key] for key in sorted(heard) if key[0] < 8] == [
        reference[key] for key in sorted(reference) if key[0] < 8
    ]


# Edits --------------------------------------------------------------------------------------------


def test_an_edited_scene_is_told_and_a_broken_one_keeps_the_last_good(house: Playhouse):
    client, other = house.client(), house.client()
    scene = client.open_yard()
    other_scene = other.open_yard()
    client.grant(scene, 2)
    house.edit(
        YARD.replace("surface: 0.5", "").replace("{intensity: rain}", "{intensity: rain, surface: 0.9}")
    )
    house.work()
    changed = client.last()
    assert isinstance(changed, SceneChanged)
    assert (changed.changed, changed.added, changed.removed) == (("street",), (), ())
    assert isinstance(other.last(), SceneChanged)
    house.edit(BROKEN)
    house.work()
    for peer in (client, other):
        assert peer.last().id == 0
        assert peer.last().code.startswith("scene.")
        assert ".yaml:10:" in peer.last().at
    client.grant(scene, 4, received=2)
    other.grant(other_scene, 2)
    assert client.blocks(scene) == [0, 1, 2, 3]
    assert house.client().open_yard("street")


def test_a_removed_layer_is_closed_when_it_has_faded(house: Playhouse):
    client = house.client()
    scene = client.open_yard()
    wind = next(o.stream for o in client.messages(LayerOpened) if o.layer == "wind")
    client.grant(scene, 2)
    house.edit(YARD.replace("  wind: {synth: wind, controls: {strength: level}}\n", ""))
    house.work()
    assert client.last().removed == ("wind",)
    client.grant(scene, 150, received=2)
    closed = client.messages(LayerClosed)
    assert [(c.id, c.stream) for c in closed] == [(0, wind)]
    blocks = [block for block, s in client.pcm(scene) if s == wind]
    assert blocks == list(range(closed[0].end_frame // BLOCK_FRAMES))


def test_what_was_edited_while_a_client_was_away_is_told_when_it_is_back(house: Playhouse):
    client = house.client()
    client.open_yard()
    client.break_off()
    for rain in ("0.1", "0.2"):
        house.edit(YARD.replace("default: 0.6", f"default: {rain}"))
        house.work()
    back = house.peer()
    back.hello(session=client.secret)
    changes = back.messages(SceneChanged)
    assert [change.parameters[0].default for change in changes] == [0.2]


def test_a_layer_opened_while_the_file_is_edited_sounds_as_the_file_says_now(house: Playhouse):
    client = house.client()
    scene = client.open_scene().scene
    client.say(OpenLayer(id=9, scene=scene, layer="wind"))
    house.edit(
        YARD.replace("{synth: wind, controls: {strength: level}}", "{synth: rain, controls: {intensity: 1}}")
    )
    house.workshop.jobs.rotate(1)
    house.work()
    assert client.last().layer == "wind"
    client.grant(scene, 3)
    assert client.blocks(scene) == [0, 1, 2]


def test_a_layer_that_an_edit_removes_while_it_is_prepared_is_refused(house: Playhouse):
    client = house.client()
    scene = client.open_scene().scene
    client.say(OpenLayer(id=9, scene=scene, layer="wind"))
    house.edit(YARD.replace("  wind:", "  gale:"))
    house.workshop.jobs.rotate(1)
    house.work()
    assert client.refused_with("request.unknown-layer", 9)


def test_two_openings_of_one_file_that_is_edited_between_agree_in_the_end(house: Playhouse):
    first, second = house.client(), house.client()
    first.say(OpenScene(id=1, name="yard"))
    second.say(OpenScene(id=1, name="yard"))
    house.workshop.work()
    (house.scenes_dir / "yard.yaml").write_text(
        YARD.replace("default: 0.6", "default: 0.1"), encoding="utf-8"
    )
    house.work()
    assert first.messages(SceneChanged)[0].parameters[0].default == 0.1
    assert second.last().parameters[0].default == 0.1


def test_a_scene_closed_while_a_layer_is_prepared_refuses_the_layer(house: Playhouse):
    client = house.client()
    scene = client.open_scene().scene
    client.say(OpenLayer(id=8, scene=scene, layer="street"))
    client.say(CloseScene(id=9, scene=scene))
    house.work()
    assert client.refused_with("request.scene-not-open", 8)
    assert house.host.register.streams == 0


def test_a_client_that_leaves_while_its_scene_is_read_leaves_nothing_behind(house: Playhouse):
    client = house.client()
    client.say(OpenScene(id=1, name="yard"))
    client.say(Bye())
    house.work()
    assert (len(house.host.register.everyone()), house.host.register.streams) == (0, 0)
    assert client.messages(SceneOpened) == []


def test_a_file_name_that_can_be_no_scene_is_not_offered(house: Playhouse):
    for name in ("UPPER", "with space", "x" * 70, "ümlaut"):
        (house.scenes_dir / f"{name}.yaml").write_text(YARD, encoding="utf-8")
    assert house.peer().hello().scenes == ("yard",)  # type: ignore[union-attr]


# Failures that nobody foresaw ---------------------------------------------------------------------


def test_a_client_whose_request_fails_unforeseen_ends_alone(
    house: Playhouse, monkeypatch: pytest.MonkeyPatch
):
    unlucky, lucky = house.client(), house.client()
    scenes = [unlucky.open_yard(), lucky.open_yard()]
    monkeypatch.setattr(performance_module.Performance, "listen_at", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        unlucky.say(Listener(scene=scenes[0], at_m=(0.0, 0.0, 0.0)))
    assert house.host.register.blame()
    assert unlucky.last() == Bye(reason="failed")
    lucky.grant(scenes[1], 3)
    assert lucky.blocks(scenes[1]) == [0, 1, 2]
    assert len(house.host.register.everyone()) == 1


def test_a_client_whose_sound_fails_unforeseen_ends_alone(house: Playhouse, monkeypatch: pytest.MonkeyPatch):
    unlucky, lucky = house.client(), house.client()
    scenes = [unlucky.open_yard(), lucky.open_yard()]
    stage = house.host.register._by_route[unlucky.route].stages[scenes[0]]
    healthy = Stage.produce
    monkeypatch.setattr(Stage, "produce", lambda self, *a: 1 / 0 if self is stage else healthy(self, *a))
    for peer, scene in zip((unlucky, lucky), scenes, strict=True):
        peer.say(Credit(scene=scene, until_frame=4 * BLOCK_FRAMES, received_frame=0))
    with pytest.raises(ZeroDivisionError):
        house.produce()
    assert house.host.register.blame()
    house.produce()
    assert lucky.blocks(scenes[1]) == [0, 1, 2]
    assert len(house.host.register.everyone()) == 1


def test_a_stranger_whose_hello_fails_unforeseen_harms_nobody(
    house: Playhouse, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(house.library, "names", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        house.peer().say(Hello(id=1, versions=(1,)))
    assert house.host.register.blame()
    assert len(house.host.register.everyone()) == 0


def test_a_hello_while_the_scenes_folder_cannot_be_read_is_refused_and_opens_nothing(house: Playhouse):
    (house.scenes_dir / "yard.yaml").unlink()
    house.scenes_dir.rmdir()
    peer = house.peer()
    peer.hello()
    assert peer.refused_with("scene.folder")
    assert len(house.host.register.everyone()) == 0


def test_a_failure_that_is_nobodys_is_not_blamed_on_a_client(house: Playhouse):
    house.client()
    assert not house.host.register.blame()


def test_work_that_fails_unforeseen_is_answered_and_logged(house: Playhouse, monkeypatch: pytest.MonkeyPatch):
    client = house.client()
    monkeypatch.setattr(house.library, "load", lambda _: 1 / 0)
    client.say(OpenScene(id=9, name="yard"))
    house.work()
    assert client.refused_with("server.internal", 9)
    assert "work failed" in house.log.events()
    assert len(house.host.register.everyone()) == 1
