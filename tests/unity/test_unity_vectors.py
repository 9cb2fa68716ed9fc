"""The C# codec reads and writes what `protocol/vectors/` says; it and Python read every legal msgpack encoding."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import plain_msgpack
import pytest
from any_message import client_messages, daemon_messages
from csharp_codec import CsharpCodec
from hypothesis import HealthCheck, given, settings
from mono_build import Build
from python_codec import PythonCodec
from wire_vectors import bytes_of_line, vector_name, vectors

from roomtone.wire.codec import decode_client, encode
from roomtone.wire.messages import ClientMessage, DaemonMessage, LayerEvent

pytestmark = pytest.mark.system

VALID = vectors("valid")
INVALID = vectors("invalid")
PROPERTIES = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def codec(build: Build) -> Iterator[CsharpCodec]:
    with CsharpCodec(build.runners) as running:
        yield running


# The vectors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", VALID, ids=vector_name)
def test_a_valid_vector_means_in_csharp_what_it_says(codec: CsharpCodec, vector: Any) -> None:
    assert codec.ask(vector["direction"], vector["frame"]) == vector["message"]


@pytest.mark.parametrize("vector", [each for each in VALID if each["direction"] == "client"], ids=vector_name)
def test_what_csharp_writes_reads_the_same_in_python(codec: CsharpCodec, vector: Any) -> None:
    written = bytes.fromhex(codec.ask("again", vector["frame"]))
    assert plain_msgpack.read(written) == vector["message"]
    assert decode_client(written) == decode_client(vector["frame"])


@pytest.mark.parametrize("vector", INVALID, ids=vector_name)
def test_an_invalid_vector_is_refused_in_csharp_with_its_code(codec: CsharpCodec, vector: Any) -> None:
    refused = codec.ask(vector["direction"], vector["frame"])
    assert refused["code"] in {vector["code"], vector.get("or")}
    assert (refused["at"], refused["id"]) == (vector.get("at", ""), vector.get("id", 0))
    assert refused["what"]
    assert refused["fix"]


def test_a_valid_vector_cut_anywhere_is_refused_in_csharp(codec: CsharpCodec) -> None:
    for vector in VALID:
        for size in range(len(vector["frame"])):
            assert "code" in codec.ask(vector["direction"], vector["frame"][:size]), vector_name(vector)


# ZMTP -------------------------------------------------------------------------------------------------


def test_the_first_bytes_are_those_of_the_vectors(codec: CsharpCodec) -> None:
    (greeting,) = [each["frame"] for each in vectors("zmtp", "greeting") if each["name"] == "NULL"]
    (ready,) = [each["frame"] for each in vectors("zmtp", "commands") if each["name"] == "READY of a DEALER"]
    assert bytes.fromhex(codec.ask("greeting", b"")["said"]) == greeting
    # READY waits for the daemon's greeting: one that asks for keys can then hang up in peace.
    assert bytes.fromhex(codec.ask("greeting", greeting[:63])["said"]) == greeting
    assert bytes.fromhex(codec.ask("greeting", greeting)["said"]) == greeting + ready


@pytest.mark.parametrize("vector", vectors("zmtp", "greeting"), ids=vector_name)
def test_a_greeting_is_taken_if_its_mechanism_is_null(codec: CsharpCodec, vector: Any) -> None:
    answer = codec.ask("greeting", vector["frame"])
    if vector["means"]["mechanism"] == "NULL":
        assert "said" in answer
    else:
        assert answer["code"] == "zmtp.mechanism"
        assert vector["means"]["mechanism"] in answer["what"]


@pytest.mark.parametrize("vector", vectors("zmtp", "commands"), ids=vector_name)
def test_a_command_does_what_the_vector_means(codec: CsharpCodec, vector: Any) -> None:
    means, frame = vector["means"], vector["frame"]
    if means["command"] == "READY":
        answer = codec.ask("handshake", frame)
        if means["properties"]["Socket-Type"] == "ROUTER":
            assert answer == {"open": True}
        else:
            assert answer["code"] == "zmtp.no-router"
        return
    answer = codec.ask("bytewise", frame)
    context = bytes.fromhex(means.get("context", ""))
    pong = bytes([4, 5 + len(context), 4]) + b"PONG" + context if means["command"] == "PING" else b""
    assert answer == {"messages": [], "said": pong.hex()}


def expected_frames(means: dict[str, Any]) -> list[str]:
    return [bytes_of_line(text.replace("*", " x") or "00 x0").hex() for text in means["frames"]]


@pytest.mark.parametrize("pace", ["frames", "bytewise"])
@pytest.mark.parametrize("vector", vectors("zmtp", "messages"), ids=vector_name)
def test_a_message_has_in_csharp_the_frames_that_the_vector_means(
    codec: CsharpCodec, vector: Any, pace: str
) -> None:
    then = [[text] for text in vector["means"].get("then", [])]
    assert codec.ask(pace, vector["frame"])["messages"] == [expected_frames(vector["means"]), *then]


@pytest.mark.parametrize("vector", vectors("zmtp", "refused"), ids=vector_name)
def test_what_no_daemon_says_is_refused_in_csharp(codec: CsharpCodec, vector: Any) -> None:
    answer = codec.ask(vector["stage"], vector["frame"])
    assert answer["code"].startswith("zmtp.")
    assert answer["what"]


def test_a_ping_in_the_middle_of_a_message_is_answered_and_the_message_comes_whole(
    codec: CsharpCodec,
) -> None:
    ping = bytes.fromhex("04070450494e470000")
    answer = codec.ask("bytewise", b"\x01\x01a" + ping + b"\x00\x01b")
    assert answer["messages"] == [["61", "62"]]
    assert answer["said"] == "040504504f4e47"


def test_a_message_of_three_frames_is_refused(codec: CsharpCodec) -> None:
    assert codec.ask("frames", b"\x01\x01a\x01\x01b\x00\x01c")["code"] == "wire.bad-frames"


def test_a_message_of_a_whole_mebibyte_comes_through(codec: CsharpCodec) -> None:
    body = bytes(range(256)) * 4096
    long = b"\x02" + struct.pack(">Q", len(body)) + body
    assert codec.ask("frames", b"\x01\x01a" + long)["messages"] == [["61", body.hex()]]


# Every legal encoding of a value -----------------------------------------------------------------------

Reader = CsharpCodec | PythonCodec


@pytest.fixture(params=["csharp", "python"])
def reader(request: pytest.FixtureRequest, codec: CsharpCodec) -> Reader:
    """Both languages read the same bytes alike; the third, GDScript, has its own list in `tests/godot`."""
    return codec if request.param == "csharp" else PythonCodec()


INTEGERS = {
    "cc": (">B", 0, 2**8 - 1),
    "cd": (">H", 0, 2**16 - 1),
    "ce": (">I", 0, 2**32 - 1),
    "cf": (">Q", 0, 2**64 - 1),
    "d0": (">b", -(2**7), 2**7 - 1),
    "d1": (">h", -(2**15), 2**15 - 1),
    "d2": (">i", -(2**31), 2**31 - 1),
    "d3": (">q", -(2**63), 2**63 - 1),
}


def integers(value: int) -> list[bytes]:
    """Spell an integer in every width that holds it."""
    short = [struct.pack(">b", value)] if -32 <= value <= 127 else []
    return short + [
        bytes.fromhex(lead) + struct.pack(kind, value)
        for lead, (kind, low, high) in INTEGERS.items()
        if low <= value <= high
    ]


def headers(count: int, short: int, most_short: int, widths: Sequence[tuple[int, str]]) -> list[bytes]:
    """Spell a length in every width that holds it."""
    fix = [bytes([short | count])] if count < most_short else []
    return fix + [
        bytes([lead]) + struct.pack(kind, count)
        for lead, kind in widths
        if count < 256 ** struct.calcsize(kind)
    ]


def strings(text: str) -> list[bytes]:
    body = text.encode()
    return [head + body for head in headers(len(body), 0xA0, 32, [(0xD9, ">B"), (0xDA, ">H"), (0xDB, ">I")])]


def arrays(items: Sequence[bytes]) -> list[bytes]:
    return [head + b"".join(items) for head in headers(len(items), 0x90, 16, [(0xDC, ">H"), (0xDD, ">I")])]


def maps(pairs: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
    body = b"".join(key + value for key, value in pairs)
    return [head + body for head in headers(len(pairs), 0x80, 16, [(0xDE, ">H"), (0xDF, ">I")])]


def message(**fields: bytes) -> bytes:
    """Spell a message; the fields are bytes already."""
    return maps([(strings(name)[0], value) for name, value in fields.items()])[0]


def layer_closed(end_frame: bytes) -> bytes:
    return message(t=strings("layer_closed")[0], id=b"\x00", stream=b"\x01", end_frame=end_frame)


@pytest.mark.parametrize(
    "value",
    [0, 1, 31, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 2**31 - 1, 2**31, 2**32, 2**53 - 1],
)
def test_an_integer_may_have_any_width(reader: Reader, value: int) -> None:
    for spelled in integers(value):
        assert reader.ask("daemon", layer_closed(spelled))["end_frame"] == value, spelled.hex()


@pytest.mark.parametrize(
    "value", [-1, -32, -33, -128, -129, -(2**15), -(2**31), -(2**63), 2**53, 2**63, 2**64 - 1]
)
def test_an_integer_out_of_range_is_refused_in_any_width(reader: Reader, value: int) -> None:
    for spelled in integers(value):
        refused = reader.ask("daemon", layer_closed(spelled))
        assert (refused["code"], refused["at"]) == ("wire.out-of-range", "end_frame"), spelled.hex()


def placed(*offset: bytes) -> bytes:
    return message(
        t=strings("layer_event")[0],
        stream=b"\x01",
        event=strings("placed")[0],
        at_frame=b"\x00",
        offset_m=arrays(offset)[0],
    )


@pytest.mark.parametrize(
    "value", [0.0, -0.0, 1.0, -1.5, 2.0**-149, -(2.0**-130), 2.0**-126, 3.4e8, 0.1, 1e-300, -77.0]
)
def test_a_float_may_have_32_or_64_bits_or_be_an_integer(reader: Reader, value: float) -> None:
    single = struct.unpack(">f", struct.pack(">f", value))[0]
    spelled = [(b"\xcb" + struct.pack(">d", value), value), (b"\xca" + struct.pack(">f", value), single)]
    if value == int(value):
        spelled += [(each, value) for each in integers(int(value))]
    for each, means in spelled:
        assert reader.ask("daemon", placed(each, each, b"\x00"))["offset_m"] == [means, means, 0], each.hex()


@pytest.mark.parametrize(
    "text", ["", "a", "x" * 31, "x" * 32, "é" * 127, "雨" * 85, "𝄞" * 255, "x" * 256, "x" * 1024]
)
def test_a_string_may_have_any_header(reader: Reader, text: str) -> None:
    for spelled in strings(text):
        frame = message(t=strings("error")[0], id=b"\x00", code=strings("a.b")[0], what=spelled)
        assert reader.ask("daemon", frame)["what"] == text, spelled[:6].hex()


def test_keys_and_names_may_have_any_header(reader: Reader) -> None:
    keys = [strings(name) for name in ("t", "reason")]
    for t, reason, name in product(*keys, strings("bye")):
        for frame in maps([(t, name), (reason, strings("idle")[0])]):
            assert reader.ask("daemon", frame) == {"t": "bye", "reason": "idle"}


@pytest.mark.parametrize("count", [0, 1, 15, 16, 255, 256])
def test_an_array_may_have_any_header(reader: Reader, count: int) -> None:
    rows = [arrays([b"\x01", b"\x00", b"\x00"])[i % 3] for i in range(count)]
    for spelled in arrays(rows):
        frame = message(
            t=strings("audio")[0], scene=b"\x01", first_frame=b"\x00", frames=b"\x01", streams=spelled
        )
        assert reader.ask("daemon", frame)["streams"] == [[1, 0, 0]] * count


@pytest.mark.parametrize("count", [0, 13, 14, 4_000])
def test_a_map_may_have_any_header(reader: Reader, count: int) -> None:
    unknown = [(strings(f"later_{number}")[0], b"\xc0") for number in range(count)]
    for frame in maps([(strings("t")[0], strings("bye")[0]), *unknown]):
        assert reader.ask("daemon", frame) == {"t": "bye", "reason": ""}


@pytest.mark.parametrize(
    "head",
    ["c403", "c50003", "c600000003", "c70301", "c8000301", "c90000000301", "d4", "d5", "d6", "d7", "d8"],
)
def test_binary_and_extension_data_of_any_size_are_refused(reader: Reader, head: str) -> None:
    spelled = bytes.fromhex(head) + bytes(17)
    assert reader.ask("daemon", layer_closed(spelled))["code"] == "wire.wrong-type"


@pytest.mark.parametrize(
    "spelled", [b"\xc2", b"\xc3", b"\xc0", b"\xcb" + bytes(8), b"\xa0", b"\x90", b"\x80", b"\xc4\x00"]
)
def test_what_merely_looks_like_an_integer_is_refused(reader: Reader, spelled: bytes) -> None:
    refused = reader.ask("daemon", layer_closed(spelled))
    assert (refused["code"], refused["at"]) == ("wire.wrong-type", "end_frame")


def test_an_event_of_a_later_revision_is_read_whatever_else_it_says(codec: CsharpCodec) -> None:
    frame = message(
        t=strings("layer_event")[0],
        stream=b"\x01",
        event=strings("drifted")[0],
        at_frame=b"\x00",
        source=b"\x05",
    )
    assert codec.ask("daemon", frame)["event"] == "drifted"


# Any message ------------------------------------------------------------------------------------------


@given(message=daemon_messages())
@PROPERTIES
def test_whatever_a_daemon_may_say_is_read_in_csharp(codec: CsharpCodec, message: DaemonMessage) -> None:
    if isinstance(message, LayerEvent):
        # Of an event that it does not know it reads no more than that.
        message = replace(message, event="source")
    frame = encode(message)
    assert codec.ask("daemon", frame) == plain_msgpack.read(frame)


@given(message=client_messages())
@PROPERTIES
def test_whatever_a_client_may_say_is_written_in_csharp(codec: CsharpCodec, message: ClientMessage) -> None:
    frame = encode(message)
    assert decode_client(bytes.fromhex(codec.ask("again", frame))) == message
