"""The C# client against a daemon on libzmq's own ROUTER that does what each test says."""

import time
from collections.abc import Callable

import numpy as np
import pytest
from csharp_client import CsharpClient, CsharpError, CsharpScene
from fake_daemon import FakeDaemon, sound

from roomtone.audio import BLOCK_FRAMES
from roomtone.wire.messages import (
    Bye,
    Credit,
    Error,
    Govern,
    Hello,
    LayerClosed,
    LayerEvent,
    Listener,
    Morph,
    OpenLayer,
    OpenScene,
    SceneClosed,
    Set,
)

pytestmark = pytest.mark.system


@pytest.fixture
def client(csharp: CsharpClient, fake: FakeDaemon) -> CsharpClient:
    csharp.connect(fake.endpoint, timeout_s=3.0)
    return csharp


@pytest.fixture
def yard(client: CsharpClient) -> CsharpScene:
    scene = client.open_scene("yard", seed=3)
    scene.open_layer("street")
    return scene


def until(condition: Callable[[], object], scene: CsharpScene | None = None) -> None:
    """Wait for what happens elsewhere; a scene that is given goes on playing."""
    deadline_s = time.monotonic() + 5.0
    while not condition():
        assert time.monotonic() < deadline_s, "it never happened"
        if scene is not None:
            scene.read(BLOCK_FRAMES)
        time.sleep(0.002)


def kinds(events: list[dict[str, object]]) -> list[object]:
    return [event["t"] for event in events]


def test_what_the_daemon_sends_is_read_to_the_bit(yard: CsharpScene):
    first = yard.read_exact(1000)["street"]
    second = yard.read_exact(24_000)["street"]
    assert np.array_equal(np.concatenate((first, second)), sound(0, 25_000, 2))


def test_reading_in_any_pieces_gives_the_same_samples(yard: CsharpScene):
    pieces = [yard.read_exact(frames)["street"] for frames in (1, 479, 480, 481, 7, 1000, 960)]
    assert np.array_equal(np.concatenate(pieces), sound(0, sum(map(len, pieces)), 2))


def test_more_than_half_a_second_at_once_is_refused_with_what_to_do(yard: CsharpScene):
    with pytest.raises(CsharpError, match=r"several times.*read\.frames"):
        yard.read(24_001)


def test_sixteen_bits_and_one_channel_are_converted_as_in_python(client: CsharpClient):
    scene = client.open_scene("yard")
    scene.open_layer("street", format="s16", channels=1)
    heard = scene.read_exact(4800)["street"]
    whole = np.rint(sound(0, 4800, 1) * 32767.0).astype("<i2")
    assert np.array_equal(heard, whole * np.float32(1.0 / 32767.0))


def test_silence_needs_no_samples(yard: CsharpScene, fake: FakeDaemon):
    fake.silent = True
    assert not yard.read_exact(4800)["street"].any()


def test_a_block_that_never_comes_is_concealed_and_counted(
    yard: CsharpScene, client: CsharpClient, fake: FakeDaemon
):
    fake.withheld = {9600, 10080}
    before = yard.read_exact(9600)["street"]
    gap = yard.read(960)["street"]
    after = yard.read_exact(4800)["street"]
    heard = np.concatenate((before, gap, after))
    assert np.abs(np.diff(heard, axis=0)).max() < 2.0 * np.abs(np.diff(sound(0, 4800, 2), axis=0)).max()
    assert np.array_equal(after[1440:], sound(10560 + 1440, 4800 - 1440, 2))
    stats = client.stats()
    assert (stats["underruns"], stats["concealed_frames"]) == (1, 960)


def test_a_block_that_comes_after_its_time_is_dropped_and_counted(
    yard: CsharpScene, client: CsharpClient, fake: FakeDaemon
):
    fake.withheld = {480}
    yard.read_exact(480)
    until(lambda: yard.described["buffered_frames"] > 480)
    yard.read(480)
    fake.release(480)
    until(lambda: client.stats()["late_blocks"] == 1)
    assert client.stats()["underruns"] == 1


def test_no_more_is_asked_for_than_what_is_wanted_ahead(yard: CsharpScene, fake: FakeDaemon):
    for _ in range(20):
        yard.read(480, wait_s=1.0)
    until(lambda: any(isinstance(m, Credit) and m.until_frame == 20 * 480 + 2880 + 480 for m in fake.heard))
    granted = [message.until_frame for message in fake.heard if isinstance(message, Credit)]
    assert granted == sorted(granted)


def test_before_any_layer_is_open_time_stands_still(client: CsharpClient):
    scene = client.open_scene("yard")
    assert scene.read(4800) == {}
    assert scene.described["position_frame"] == 0


def test_a_layer_that_is_open_is_not_opened_again(yard: CsharpScene):
    with pytest.raises(CsharpError, match="is open") as refusal:
        yard.open_layer("street")
    assert refusal.value.code == "layer.already-open"


def test_a_refusal_says_what_where_and_how_to_mend_it(client: CsharpClient, fake: FakeDaemon):
    fake.refusals[OpenScene] = Error(
        id=0, code="request.unknown-scene", what="no 'yrad'", at="name", fix="did you mean 'yard'?"
    )
    with pytest.raises(CsharpError, match=r"did you mean 'yard'.*request\.unknown-scene") as refusal:
        client.open_scene("yrad")
    assert refusal.value.type == "WireException"


def test_what_comes_from_the_other_side_cannot_write_into_a_log(client: CsharpClient, fake: FakeDaemon):
    fake.refusals[OpenScene] = Error(id=0, code="a.b", what="\x1b[31mred\r\nINFO all is well")
    with pytest.raises(CsharpError) as refusal:
        client.open_scene("yard")
    assert str(refusal.value) == "\\u001b[31mred\\u000d\\u000aINFO all is well [a.b]"
    assert refusal.value.what == "\x1b[31mred\r\nINFO all is well"


@pytest.mark.parametrize("layer", ["street" * 60, "雨" * 90])
def test_what_the_daemon_could_not_read_is_refused_at_once(yard: CsharpScene, fake: FakeDaemon, layer: str):
    with pytest.raises(CsharpError, match=r"a string of \d+ bytes, above 256.*wire\.too-large"):
        yard.open_layer(layer)
    with pytest.raises(CsharpError, match=r"257 items, above 256"):
        yard.set(**{f"p{number}": 0.5 for number in range(257)})
    assert fake.count(OpenLayer) == 1
    assert fake.count(Set) == 0


def test_a_token_that_no_daemon_can_have_is_refused(csharp: CsharpClient, fake: FakeDaemon):
    with pytest.raises(CsharpError, match=r"settings\.long-token"):
        csharp.connect(fake.endpoint, token="x" * 257)


def test_steering_does_not_wait_and_its_refusal_is_an_event(
    yard: CsharpScene, client: CsharpClient, fake: FakeDaemon
):
    fake.refusals[Set] = Error(id=0, code="request.unknown-parameter", what="no 'rian'")
    yard.steer(rian=0.5)
    seen: list[dict[str, object]] = []
    until(lambda: seen.extend(client.events()) or seen)
    assert (seen[0]["t"], seen[0]["code"]) == ("error", "request.unknown-parameter")


def test_setting_answers_with_the_frame_and_measures_until_its_sound_is_here(
    yard: CsharpScene, client: CsharpClient
):
    yard.do("buffer", 5.0)
    assert yard.set(rain=0.8) == 2880
    assert yard.set(rain=0.7) == 2880
    yard.read_exact(4800)
    assert len(client.stats()["update_latency_s"]) == 2


def test_a_scattered_event_is_where_it_was_placed_once_its_frame_is_heard(
    client: CsharpClient, fake: FakeDaemon
):
    scene = client.open_scene("yard")
    scene.open_layer("thunder")
    scene.read_exact(480)
    fake.say(LayerEvent(stream=fake.stream(), event="placed", at_frame=960, offset_m=(60.0, 0.0, -80.0)))
    until(lambda: "layer_event" in kinds(client.events()))
    assert scene.layer("thunder")["offset_m"] == [0, 0, 0]
    scene.read_exact(480)
    assert scene.layer("thunder")["offset_m"] == [60, 0, -80]


def test_where_a_layer_comes_from_is_known_once_its_frame_is_heard(yard: CsharpScene, fake: FakeDaemon):
    yard.read_exact(480)
    assert yard.layer("street")["source"] is None
    happened = LayerEvent(
        stream=fake.stream(), event="source", at_frame=960, source="exact", bank="light rain", reason="ready"
    )
    fake.say(happened)
    yard.read_exact(480)
    until(lambda: yard.layer("street")["source"], yard)
    source = yard.layer("street")["source"]
    assert (source["source"], source["bank"], source["reason"]) == ("exact", "light rain", "ready")


def test_a_layer_that_ends_fades_and_then_is_gone(yard: CsharpScene, client: CsharpClient, fake: FakeDaemon):
    yard.read_exact(4800)
    until(lambda: yard.described["buffered_frames"] >= 480)
    fake.say(LayerClosed(id=0, stream=fake.stream(), end_frame=5280))
    until(lambda: "layer_gone" in kinds(client.events()))
    heard = np.concatenate([yard.read(480)["street"] for _ in range(4)])
    assert np.array_equal(heard[:480], sound(4800, 480, 2))
    assert np.abs(np.diff(heard, axis=0)).max() < 0.02
    assert not heard[-1].any()
    assert yard.read(480) == {}


def test_a_scene_that_the_daemon_ends_fades_and_is_gone(
    yard: CsharpScene, client: CsharpClient, fake: FakeDaemon
):
    yard.read_exact(4800)
    (handle,) = {opened.scene for opened in fake.streams.values()}
    fake.say(SceneClosed(id=0, scene=handle))
    events: list[dict[str, object]] = []
    until(lambda: events.extend(client.events()) or "scene_gone" in kinds(events))
    assert kinds(events) == ["layer_gone", "scene_gone"]
    heard = np.concatenate([yard.read(480).get("street", np.zeros((480, 2))) for _ in range(12)])
    assert np.abs(np.diff(heard, axis=0)).max() < 0.02
    assert not heard[-480:].any()


def test_a_layer_that_was_closed_and_opened_again_sounds_again(yard: CsharpScene):
    yard.read_exact(4800)
    yard.do("close_layer", "street")
    yard.open_layer("street")
    first = yard.layer("street")["first_frame"]
    heard = yard.read_exact(9600)["street"]
    assert np.array_equal(heard[-1920:], sound(4800 + 9600 - 1920, 1920, 2))
    assert first >= 0


def test_a_broken_connection_is_resumed_without_a_gap_or_a_repetition(
    yard: CsharpScene, client: CsharpClient, fake: FakeDaemon
):
    heard = [yard.read_exact(1440)["street"] for _ in range(3)]
    fake.hang_up()
    heard += [yard.read_exact(1440)["street"] for _ in range(5)]
    assert np.array_equal(np.concatenate(heard), sound(0, 8 * 1440, 2))
    events = client.events()
    assert kinds(events) == ["disconnected", "reconnected"]
    assert events[1]["resumed"]


def test_a_daemon_that_starts_anew_is_told_everything_again(
    yard: CsharpScene, client: CsharpClient, fake: FakeDaemon
):
    yard.open_layer("thunder", format="s16")
    yard.do("listener", 1, 2, 3)
    yard.set(rain=0.9)
    yard.morph("storm", 60.0)
    yard.set(rain=0.4)
    client.do("govern", 0.25, "")
    yard.read_exact(4800)
    fake.hang_up(forget=True)
    del fake.heard[:]
    until(lambda: fake.count(Credit), yard)
    hello, opened = fake.heard[0], fake.heard[1]
    assert isinstance(hello, Hello)
    assert isinstance(opened, OpenScene)
    assert (opened.name, opened.seed, opened.values) == ("yard", 3, {"rain": 0.4})
    assert opened.first_frame >= 4800
    assert opened.first_frame % BLOCK_FRAMES == 0
    morphs = [message for message in fake.heard if isinstance(message, Morph)]
    assert morphs[0].mood == "storm"
    assert 50 < morphs[0].over_s < 60
    assert [message.values for message in fake.heard if isinstance(message, Set)] == [{"rain": 0.4}]
    layers = [(m.layer, m.format, m.channels) for m in fake.heard if isinstance(m, OpenLayer)]
    assert layers == [("street", "f32", 2), ("thunder", "s16", 1)]
    assert any(isinstance(message, Listener) for message in fake.heard)
    assert [m.max_share for m in fake.heard if isinstance(m, Govern)] == [0.25]
    until(lambda: "reconnected" in kinds(client.events()))


def test_the_sound_goes_on_without_a_click_when_the_daemon_starts_anew(yard: CsharpScene, fake: FakeDaemon):
    heard = [yard.read_exact(4800)["street"]]
    fake.hang_up(forget=True)
    heard += [yard.read(480, wait_s=0.02)["street"] for _ in range(40)]
    heard.append(yard.read_exact(9600)["street"])
    whole = np.concatenate(heard)
    assert np.abs(np.diff(whole, axis=0)).max() < 0.025
    assert np.array_equal(heard[-1][-4800:], sound(len(whole) - 4800, 4800, 2))


def test_a_connection_that_breaks_again_while_all_is_opened_anew_loses_nothing(
    yard: CsharpScene, fake: FakeDaemon
):
    yard.read_exact(4800)
    for halfway in (OpenScene, OpenLayer):
        fake.unanswered = {halfway}
        fake.hang_up(forget=halfway is OpenScene)
        before = fake.count(halfway)
        until(lambda kind=halfway, seen=before: fake.count(kind) > seen, yard)
    fake.unanswered.clear()
    fake.hang_up()
    until(lambda: yard.described["buffered_frames"] > 0, yard)
    heard = yard.read_exact(9600)["street"][-4800:]
    assert np.array_equal(heard, sound(yard.described["position_frame"] - 4800, 4800, 2))


def test_a_request_that_lost_its_answer_is_asked_again(yard: CsharpScene, fake: FakeDaemon):
    fake.unanswered.add(Set)
    yard.steer(rain=0.2)
    until(lambda: fake.count(Set) == 1)
    fake.unanswered.clear()
    fake.hang_up()
    until(lambda: fake.count(Set) == 2)


def test_a_daemon_that_never_answers_is_an_error_in_time(csharp: CsharpClient, fake: FakeDaemon):
    csharp.connect(fake.endpoint, timeout_s=0.2)
    fake.unanswered.add(OpenScene)
    with pytest.raises(CsharpError, match=r"connection\.timeout"):
        csharp.open_scene("yard")


def test_no_daemon_is_an_error_that_says_how_to_start_one(csharp: CsharpClient):
    with pytest.raises(CsharpError, match=r"roomtone serve.*connection\.unreachable"):
        csharp.connect("tcp://127.0.0.1:9", timeout_s=0.1)


@pytest.mark.parametrize(
    "endpoint",
    ["127.0.0.1:5570", "tcp://127.0.0.1", "tcp://:5570", "tcp://a b:1", "tcp://[::1:5570", "tcp://h:99999"],
)
def test_an_endpoint_that_is_none_is_refused_at_once(csharp: CsharpClient, endpoint: str):
    with pytest.raises(CsharpError, match=r"settings\.bad-endpoint"):
        csharp.connect(endpoint)


def test_a_daemon_is_found_by_name_too(csharp: CsharpClient, fake: FakeDaemon):
    assert csharp.connect(fake.endpoint.replace("127.0.0.1", "localhost")) == ["yard"]


def test_a_game_may_begin_before_its_daemon(csharp: CsharpClient, fake: FakeDaemon):
    csharp.do("begin", fake.endpoint, "", 60.0, 3.0)
    scene = CsharpScene(csharp, csharp.do("open_scene_async", "yard", "", 0, {}))
    scene.open_layer("street")
    assert np.array_equal(scene.read_exact(960)["street"], sound(0, 960, 2))


def test_a_refused_hello_ends_the_attempt_with_the_daemons_words(csharp: CsharpClient, fake: FakeDaemon):
    fake.refusals[Hello] = Error(
        id=0, code="session.bad-token", what="the token is wrong", fix="say the right one"
    )
    with pytest.raises(CsharpError, match=r"session\.bad-token"):
        csharp.connect(fake.endpoint, timeout_s=3.0)


def test_a_client_that_was_closed_says_goodbye_and_says_so(client: CsharpClient, fake: FakeDaemon):
    client.do("close")
    with pytest.raises(CsharpError, match=r"connection\.closed"):
        client.open_scene("yard")
    until(lambda: fake.count(Bye) == 1)


def test_audio_that_lies_about_its_size_is_reported_and_the_stream_resumed(
    yard: CsharpScene, client: CsharpClient, fake: FakeDaemon
):
    yard.read_exact(960)
    fake.mangle = lambda audio, pcm: (audio, pcm[:-4])
    yard.read(480)
    seen: list[dict[str, object]] = []
    until(lambda: seen.extend(e for e in client.events() if e["t"] == "error") or seen, yard)
    assert seen[0]["code"] == "wire.bad-audio"
    fake.mangle = lambda audio, pcm: (audio, pcm)
    fake.sent.clear()
    until(lambda: "reconnected" in kinds(client.events()), yard)


def test_another_connection_with_the_same_session_ends_this_one(client: CsharpClient, fake: FakeDaemon):
    fake.say(Bye(reason="resumed-elsewhere"))
    with pytest.raises(CsharpError, match="another connection"):
        client.open_scene("yard")


def test_a_scene_that_nobody_reads_lets_no_time_pass(yard: CsharpScene, fake: FakeDaemon):
    yard.do("buffer", 5.0)
    until(lambda: fake.count(Credit))
    granted = fake.count(Credit)
    yard.do("listener", 0, 0, 0)
    until(lambda: fake.count(Listener))
    assert fake.count(Credit) == granted
