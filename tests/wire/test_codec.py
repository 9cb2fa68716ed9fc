"""The codec keeps what it is given, and survives whatever else it is given."""

import tracemalloc
from typing import Any

import msgpack
import pytest
from any_message import client_messages, daemon_messages
from hypothesis import example, given, settings
from hypothesis import strategies as st
from wire_vectors import vectors

from roomtone.wire.codec import decode_client, decode_daemon, encode
from roomtone.wire.limits import FROM_CLIENT, FROM_DAEMON, MAX_DEPTH
from roomtone.wire.messages import (
    Audio,
    Bye,
    ClientMessage,
    DaemonMessage,
    Error,
    GetStats,
    Hello,
    Set,
    StreamSlice,
)
from roomtone.wire.refusal import BadMessageError

FRAMES = [vector["frame"] for vector in vectors("valid") + vectors("invalid") if len(vector["frame"]) < 2000]


def survives(frame: bytes) -> None:
    """Decode in both directions: a message comes out, or a refusal that a reply can carry."""
    for decode in (decode_client, decode_daemon):
        try:
            decode(frame)
        except BadMessageError as error:
            reply = Error(id=error.request_id, code=error.code, what=error.what, at=error.at, fix=error.fix)
            assert decode_daemon(encode(reply)) == reply


@given(client_messages())
@settings(deadline=None)
def test_what_a_client_says_arrives_as_it_was_said(message: ClientMessage) -> None:
    assert decode_client(encode(message)) == message


@given(daemon_messages())
@settings(deadline=None)
def test_what_the_daemon_says_arrives_as_it_was_said(message: DaemonMessage) -> None:
    assert decode_daemon(encode(message)) == message


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=300)
def test_arbitrary_bytes_are_refused_or_understood(frame: bytes) -> None:
    survives(frame)


@given(st.sampled_from(FRAMES), st.data())
@settings(deadline=None, max_examples=300)
def test_a_message_with_one_byte_changed_is_refused_or_understood(frame: bytes, data: Any) -> None:
    at = data.draw(st.integers(0, max(len(frame) - 1, 0)))
    byte = data.draw(st.integers(0, 255))
    survives(frame[:at] + bytes([byte]) + frame[at + 1 :])


PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=300)
ANYTHING = st.recursive(
    PLAIN | st.binary(max_size=3),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=8), inside, max_size=4),
    max_leaves=20,
)


@given(
    st.sampled_from(["hello", "open_scene", "set", "listener", "welcome", "audio", "scene_opened", "stats"]),
    st.dictionaries(
        st.sampled_from(
            ["id", "scene", "values", "at_m", "versions", "name", "streams", "layers", "frames", "x"]
        ),
        ANYTHING,
    ),
)
@settings(deadline=None, max_examples=300)
@example("audio", {"scene": 1, "first_frame": 0, "frames": 480, "streams": [[1, 0, 0], {}]})
@example("audio", {"scene": 1, "first_frame": 0, "frames": 480, "streams": [[1, 0, 0], None]})
@example("audio", {"scene": 1, "first_frame": 0, "frames": 480, "streams": ["abc"]})
def test_any_data_in_any_field_is_refused_or_understood(name: str, fields: dict[str, Any]) -> None:
    survives(msgpack.packb({"t": name} | fields))


LEGAL = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=60)
)


@given(client_messages(), st.dictionaries(st.text(min_size=1, max_size=20), LEGAL, max_size=5))
@settings(deadline=None)
def test_fields_of_a_later_revision_change_nothing(message: ClientMessage, later: dict[str, Any]) -> None:
    assert decode_client(msgpack.packb(later | msgpack.unpackb(encode(message)))) == message


@pytest.mark.parametrize("view", [bytes, bytearray, memoryview])
def test_any_buffer_will_do(view: Any) -> None:
    message = GetStats(id=3)
    assert decode_client(view(encode(message))) == message


HOSTILE = {
    "arrays of 256 in each other": (b"\xdc\x01\x00" * 21_845),
    "arrays of one in each other": b"\x91" * 65_000,
    "empty maps side by side": b"\xdc\x01\x00" + (b"\xdc\x00\xff" + b"\x80" * 255) * 253,
    "empty arrays side by side": b"\xdc\x01\x00" + (b"\xdc\x00\xff" + b"\x90" * 255) * 253,
    "maps that promise more": b"\xde\x01\x00\xa0" * 16_000,
    "a string that promises 4 GiB": b"\xdb\xff\xff\xff\xff",
    "an array that promises 4 billion": b"\xdd\xff\xff\xff\xff",
    "a map that promises 4 billion": b"\xdf\xff\xff\xff\xff",
    "a binary that promises 4 GiB": b"\xc6\xff\xff\xff\xff",
    "an extension that promises 4 GiB": b"\xc9\xff\xff\xff\xff\x01",
    "one byte too many": b"\x00" * (FROM_CLIENT.frame_bytes + 1),
    "a megabyte of empty maps": b"\xdd\x00\x10\x00\x00" + b"\x80" * 1_048_576,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_frame_takes_little_memory(what: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(BadMessageError):
            decode_client(HOSTILE[what])
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 8 * 1024 * 1024


def test_the_largest_welcome_and_the_longest_error_fit() -> None:
    welcome = vectors("valid", "welcome")[0]["message"] | {"scenes": ["n" * 64] * 4096}
    assert len(decode_daemon(msgpack.packb(welcome)).scenes) == 4096  # type: ignore[union-attr]
    error = Error(id=1, code="c" * 64, what="w" * 1024, at="a" * 1024, fix="f" * 1024)
    assert decode_daemon(encode(error)) == error
    assert FROM_DAEMON.frame_bytes > len(msgpack.packb(welcome))


def test_the_largest_audio_fits() -> None:
    streams = tuple(StreamSlice(2**31 - 1 - i, i * 3840, 3840) for i in range(256))
    audio = Audio(scene=1, first_frame=2**53 - 481, frames=480, streams=streams)
    assert decode_daemon(encode(audio)) == audio


def test_eight_containers_deep_is_deep_enough_and_nine_are_refused() -> None:
    inside: Any = 0
    for _ in range(MAX_DEPTH - 1):
        inside = [inside]
    assert decode_client(msgpack.packb({"t": "bye", "later": inside})) == Bye()
    with pytest.raises(BadMessageError) as refused:
        decode_client(msgpack.packb({"t": "bye", "later": [inside]}))
    assert refused.value.code == "wire.too-deep"


def test_a_refusal_says_where_what_and_how_to_mend_it() -> None:
    with pytest.raises(BadMessageError) as refused:
        decode_client(msgpack.packb({"t": "set", "id": 7, "scene": 1, "values": {"rain": "much"}}))
    assert str(refused.value) == (
        "values.rain: set: a string where a number belongs; send a number [wire.wrong-type]"
    )
    assert refused.value.request_id == 7


def test_a_misspelt_message_is_met_with_a_suggestion() -> None:
    with pytest.raises(BadMessageError) as refused:
        decode_client(msgpack.packb({"t": "open_sceen"}))
    assert refused.value.fix == "did you mean 'open_scene'?"


def test_long_text_from_outside_is_quoted_in_part() -> None:
    with pytest.raises(BadMessageError) as refused:
        decode_client(msgpack.packb({"t": "q" * 256}))
    assert len(refused.value.what) < 120


def test_text_that_is_no_unicode_is_sent_with_question_marks() -> None:
    message = decode_daemon(encode(Error(id=0, code="scene.x", what="bad", at="caf\udce9.yaml")))
    assert message == Error(id=0, code="scene.x", what="bad", at="caf?.yaml")


def test_integers_become_the_floats_that_fields_hold() -> None:
    message = decode_client(msgpack.packb({"t": "set", "id": 1, "scene": 1, "values": {"rain": 1}}))
    assert isinstance(message, Set)
    assert type(message.values["rain"]) is float


def test_a_hello_of_another_version_can_be_read() -> None:
    later = {"t": "hello", "id": 1, "versions": [2, 3], "features": {"hrtf": True}}
    assert decode_client(msgpack.packb(later)) == Hello(id=1, versions=(2, 3))
