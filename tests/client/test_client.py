"""The client against a daemon that does what each test says."""

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from fake_daemon import FakeDaemon, sound

from roomtone.audio import BLOCK_FRAMES
from roomtone.client import Client, Disconnected, LayerGone, Reconnected, Scene
from roomtone.errors import ConnectionLostError, SettingsError, WireError
from roomtone.wire.messages import (
    Bye,
    Credit,
    Error,
    Hello,
    LayerClosed,
    LayerEvent,
    Listener,
    Morph,
    OpenLayer,
    OpenScene,
    Set,
)

pytestmark = pytest.mark.system


@pytest.fixture
def client(fake: FakeDaemon) -> Iterator[Client]:
    with Client.connect(fake.endpoint, timeout_s=3.0) as client:
        yield client


@pytest.fixture
def yard(client: Client) -> Scene:
    scene = client.open_scene("yard", seed=3)
    scene.open_layer("street")
    return scene


def until(condition: Callable[[], object], scene: Scene | None = None) -> None:
    """Wait for what happens on another thread; a scene that is given goes on playing."""
    deadline_s = time.monotonic() + 5.0
    while not condition():
        assert time.monotonic() < deadline_s, "it never happened"
        if scene is not None:
            scene.read(BLOCK_FRAMES)
        time.sleep(0.002)


def test_what_the_daemon_sends_is_read_to_the_bit(yard: Scene):
    first = yard.read_exact(1000)["street"]
    second = yard.read_exact(48_000)["street"]
    assert np.array_equal(np.concatenate((first, second)), sound(0, 49_000, 2))


def test_reading_in_any_pieces_gives_the_same_samples(yard: Scene):
    pieces = [yard.read_exact(frames)["street"] for frames in (1, 479, 480, 481, 7, 1000, 960)]
    assert np.array_equal(np.concatenate(pieces), sound(0, sum(map(len, pieces)), 2))


def test_sixteen_bits_and_one_channel_are_converted(client: Client):
    scene = client.open_scene("yard")
    scene.open_layer("street", format="s16", channels=1)
    heard = scene.read_exact(4800)["street"]
    assert heard.shape == (4800, 1)
    assert np.abs(heard - sound(0, 4800, 1)).max() < 1.0 / 32_767


def test_silence_needs_no_samples(yard: Scene, fake: FakeDaemon):
    fake.silent = True
    assert not yard.read_exact(4800)["street"].any()


def test_a_block_that_never_comes_is_concealed_and_counted(yard: Scene, client: Client, fake: FakeDaemon):
    fake.withheld = {9600, 10080}
    before = yard.read_exact(9600)["street"]
    gap = yard.read(960, wait_s=0.0)["street"]
    after = yard.read_exact(4800)["street"]
    heard = np.concatenate((before, gap, after))
    assert np.abs(np.diff(heard, axis=0)).max() < 2.0 * np.abs(np.diff(sound(0, 4800, 2), axis=0)).max()
    assert np.array_equal(after[1440:], sound(10560 + 1440, 4800 - 1440, 2))
    stats = client.stats()
    assert (stats.underruns, stats.concealed_frames) == (1, 960)


def test_a_block_that_comes_after_its_time_is_dropped_and_counted(
    yard: Scene, client: Client, fake: FakeDaemon
):
    fake.withheld = {480}
    yard.read_exact(480)
    until(lambda: yard.buffered_frames > 480)
    yard.read(480)
    fake.release(480)
    until(lambda: client.stats().late_blocks == 1)
    assert client.stats().underruns == 1


def test_no_more_is_asked_for_than_what_is_wanted_ahead(yard: Scene, fake: FakeDaemon):
    for _ in range(20):
        yard.read(480, wait_s=1.0)
    until(lambda: any(isinstance(m, Credit) and m.until_frame == 20 * 480 + 2880 + 480 for m in fake.heard))
    granted = [message.until_frame for message in fake.heard if isinstance(message, Credit)]
    assert granted == sorted(granted)


def test_before_any_layer_is_open_time_stands_still(client: Client):
    scene = client.open_scene("yard")
    assert scene.read(4800) == {}
    assert scene.position_frame == 0


def test_a_layer_that_is_open_is_not_opened_again(yard: Scene):
    with pytest.raises(WireError, match="is open") as refusal:
        yard.open_layer(next(iter(yard.layers)))
    assert refusal.value.code == "layer.already-open"


def test_a_refusal_says_what_where_and_how_to_mend_it(client: Client, fake: FakeDaemon):
    fake.refusals[OpenScene] = Error(
        id=0, code="request.unknown-scene", what="no 'yrad'", at="name", fix="did you mean 'yard'?"
    )
    with pytest.raises(WireError, match=r"did you mean 'yard'.*request\.unknown-scene"):
        client.open_scene("yrad")


def test_steering_does_not_wait_and_its_refusal_is_an_event(yard: Scene, client: Client, fake: FakeDaemon):
    fake.refusals[Set] = Error(id=0, code="request.unknown-parameter", what="no 'rian'")
    yard.steer(rian=0.5)
    seen: list[object] = []
    until(lambda: seen.extend(client.events()) or seen)
    assert isinstance(seen[0], Error)
    assert seen[0].code == "request.unknown-parameter"


def test_setting_answers_with_the_frame_and_measures_until_its_sound_is_here(yard: Scene, client: Client):
    yard.buffer()
    assert yard.set(rain=0.8) == 2880
    assert yard.set({"rain": 0.7}) == 2880
    yard.read_exact(4800)
    assert len(client.stats().update_latency_s) == 2


def test_a_scattered_event_is_where_it_was_placed_once_its_frame_is_heard(client: Client, fake: FakeDaemon):
    scene = client.open_scene("yard")
    thunder = scene.open_layer("thunder")
    scene.read_exact(480)
    fake.say(LayerEvent(stream=fake.stream(), event="placed", at_frame=960, offset_m=(60.0, 0.0, -80.0)))
    until(lambda: any(isinstance(event, LayerEvent) for event in client.events()))
    assert thunder.offset_m == (0.0, 0.0, 0.0)
    scene.read_exact(480)
    assert thunder.offset_m == (60.0, 0.0, -80.0)


def test_an_event_of_a_later_revision_is_passed_over(client: Client, fake: FakeDaemon):
    scene = client.open_scene("yard")
    thunder = scene.open_layer("thunder")
    fake.say(LayerEvent(stream=fake.stream(), event="rescored", at_frame=0, offset_m=(60.0, 0.0, -80.0)))
    scene.read_exact(960)
    assert thunder.offset_m == (0.0, 0.0, 0.0)
    assert client.connected


def test_a_layer_that_ends_fades_and_then_is_gone(yard: Scene, client: Client, fake: FakeDaemon):
    yard.read_exact(4800)
    until(lambda: yard.buffered_frames >= 480)
    fake.say(LayerClosed(id=0, stream=fake.stream(), end_frame=5280))
    gone: list[object] = []
    until(lambda: gone.extend(event for event in client.events() if isinstance(event, LayerGone)) or gone)
    heard = np.concatenate([yard.read(480)["street"] for _ in range(4)])
    assert np.array_equal(heard[:480], sound(4800, 480, 2))
    assert np.abs(np.diff(heard, axis=0)).max() < 0.02
    assert not heard[-1].any()
    assert yard.read(480) == {}


def test_a_broken_connection_is_resumed_without_a_gap_or_a_repetition(
    yard: Scene, client: Client, fake: FakeDaemon
):
    heard = [yard.read_exact(1440)["street"] for _ in range(3)]
    fake.hang_up()
    heard += [yard.read_exact(1440)["street"] for _ in range(5)]
    assert np.array_equal(np.concatenate(heard), sound(0, 8 * 1440, 2))
    events = list(client.events())
    assert [type(event) for event in events] == [Disconnected, Reconnected]
    assert events[1].resumed


def test_a_daemon_that_starts_anew_is_told_everything_again(yard: Scene, client: Client, fake: FakeDaemon):
    yard.open_layer("thunder", format="s16")
    yard.listener((1, 2, 3))
    yard.set(rain=0.9)
    yard.morph("storm", over_s=60)
    yard.set(rain=0.4)
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
    until(lambda: any(isinstance(event, Reconnected) for event in client.events()))


def test_the_sound_goes_on_without_a_click_when_the_daemon_starts_anew(
    yard: Scene, client: Client, fake: FakeDaemon
):
    heard = [yard.read_exact(4800)["street"]]
    fake.hang_up(forget=True)
    heard += [yard.read(480, wait_s=0.02)["street"] for _ in range(40)]
    heard.append(yard.read_exact(9600)["street"])
    whole = np.concatenate(heard)
    assert np.abs(np.diff(whole, axis=0)).max() < 0.025
    assert np.array_equal(heard[-1][-4800:], sound(len(whole) - 4800, 4800, 2))


def test_a_connection_that_breaks_again_while_all_is_opened_anew_loses_nothing(yard: Scene, fake: FakeDaemon):
    yard.read_exact(4800)
    for halfway in (OpenScene, OpenLayer):
        fake.unanswered = {halfway}
        fake.hang_up(forget=halfway is OpenScene)
        before = fake.count(halfway)
        until(lambda kind=halfway, seen=before: fake.count(kind) > seen, yard)
    fake.unanswered.clear()
    fake.hang_up()
    until(lambda: yard.buffered_frames > 0, yard)
    heard = yard.read_exact(9600)["street"][-4800:]
    assert np.array_equal(heard, sound(yard.position_frame - 4800, 4800, 2))


def test_a_request_that_lost_its_answer_is_asked_again(yard: Scene, fake: FakeDaemon):
    fake.unanswered.add(Set)
    yard.steer(rain=0.2)
    until(lambda: fake.count(Set) == 1)
    fake.unanswered.clear()
    fake.hang_up()
    until(lambda: fake.count(Set) == 2)


def test_a_daemon_that_never_answers_is_an_error_in_time(fake: FakeDaemon):
    with Client.connect(fake.endpoint, timeout_s=0.2) as client:
        fake.unanswered.add(OpenScene)
        with pytest.raises(ConnectionLostError, match=r"connection\.timeout"):
            client.open_scene("yard")


def test_no_daemon_is_an_error_that_says_how_to_start_one():
    with pytest.raises(ConnectionLostError, match=r"roomtone serve.*connection\.unreachable"):
        Client.connect("tcp://127.0.0.1:9", timeout_s=0.1)


def test_an_endpoint_that_is_none_is_refused_at_once():
    with pytest.raises(SettingsError, match=r"settings\.bad-endpoint"):
        Client.connect("127.0.0.1:5570")


def test_a_refused_hello_ends_the_attempt_with_the_daemons_words(fake: FakeDaemon):
    fake.refusals[Hello] = Error(
        id=0, code="session.bad-token", what="the token is wrong", fix="say the right one"
    )
    with pytest.raises(WireError, match=r"session\.bad-token"):
        Client.connect(fake.endpoint, timeout_s=3.0)


def test_a_client_that_was_closed_says_so(fake: FakeDaemon):
    client = Client.connect(fake.endpoint)
    client.close()
    with pytest.raises(ConnectionLostError, match=r"connection\.closed"):
        client.open_scene("yard")
    until(lambda: fake.count(Bye) == 1)


def test_audio_that_lies_about_its_size_is_reported_and_the_stream_resumed(
    yard: Scene, client: Client, fake: FakeDaemon
):
    yard.read_exact(960)
    fake.mangle = lambda audio, pcm: (audio, pcm[:-4])
    yard.read(480)
    seen: list[object] = []
    until(lambda: seen.extend(e for e in client.events() if isinstance(e, Error)) or seen, yard)
    assert seen[0].code == "wire.bad-audio"
    fake.mangle = lambda audio, pcm: (audio, pcm)
    fake.sent.clear()
    until(lambda: any(isinstance(event, Reconnected) for event in client.events()), yard)


def test_another_connection_with_the_same_session_ends_this_one(client: Client, fake: FakeDaemon):
    fake.say(Bye(reason="resumed-elsewhere"))
    with pytest.raises(ConnectionLostError, match="another connection"):
        client.open_scene("yard")
