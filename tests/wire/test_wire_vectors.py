"""The codec reads the vectors of `protocol/vectors/` as they say."""

import dataclasses
from typing import Any, get_args

import plain_msgpack
import pytest
from wire_vectors import vector_name, vectors

from roomtone.errors import WireError
from roomtone.wire.codec import decode_client, decode_daemon, encode, wire_name
from roomtone.wire.messages import ClientMessage, DaemonMessage, Message
from roomtone.wire.refusal import BadMessageError

DECODERS = {"client": decode_client, "daemon": decode_daemon}
VALID = vectors("valid")
INVALID = vectors("invalid")


def fields_of(message: Message) -> dict[str, Any]:
    """Spell a message as vectors do, its name included."""
    return {"t": wire_name(type(message))} | as_json(dataclasses.asdict(message))


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value


@pytest.mark.parametrize("vector", VALID, ids=vector_name)
def test_a_valid_vector_is_read_as_it_says(vector: Any) -> None:
    message = DECODERS[vector["direction"]](vector["frame"])
    assert fields_of(message) == vector["message"]


@pytest.mark.parametrize("vector", VALID, ids=vector_name)
def test_a_second_reader_finds_the_same_in_a_valid_vector(vector: Any) -> None:
    raw = plain_msgpack.read(vector["frame"])
    expected = vector["message"]
    known = {name: value for name, value in raw.items() if name in expected and value is not None}
    assert_within(known, expected)


def assert_within(part: Any, whole: Any) -> None:
    """What was sent is in what was understood, which has the defaults as well."""
    if isinstance(part, dict):
        for name, value in part.items():
            assert_within(value, whole[name])
    elif isinstance(part, list):
        assert len(part) == len(whole)
        for mine, theirs in zip(part, whole, strict=True):
            assert_within(mine, theirs)
    else:
        assert part == whole


@pytest.mark.parametrize("vector", VALID, ids=vector_name)
def test_what_the_codec_writes_reads_the_same_to_the_second_reader(vector: Any) -> None:
    message = DECODERS[vector["direction"]](vector["frame"])
    assert plain_msgpack.read(encode(message)) == vector["message"]


@pytest.mark.parametrize("vector", INVALID, ids=vector_name)
def test_an_invalid_vector_is_refused_with_its_code(vector: Any) -> None:
    with pytest.raises(WireError) as refused:
        DECODERS[vector["direction"]](vector["frame"])
    error = refused.value
    assert isinstance(error, BadMessageError)
    assert error.code in {vector["code"], vector.get("or")}
    assert (error.at, error.request_id) == (vector.get("at", ""), vector.get("id", 0))
    assert error.what
    assert error.fix


@pytest.mark.parametrize("vector", VALID, ids=vector_name)
def test_a_valid_vector_cut_anywhere_is_refused(vector: Any) -> None:
    for size in range(len(vector["frame"])):
        with pytest.raises(BadMessageError):
            DECODERS[vector["direction"]](vector["frame"][:size])


@pytest.mark.parametrize("direction", DECODERS)
def test_every_message_has_a_valid_vector(direction: str) -> None:
    union = {"client": ClientMessage, "daemon": DaemonMessage}[direction]
    covered = {vector["message"]["t"] for vector in VALID if vector["direction"] == direction}
    assert covered == {wire_name(cls) for cls in get_args(union)}


def test_every_code_has_an_invalid_vector() -> None:
    assert {vector["code"] for vector in INVALID} == {
        "wire.too-large",
        "wire.not-msgpack",
        "wire.too-deep",
        "wire.missing-field",
        "wire.unknown-message",
        "wire.wrong-type",
        "wire.not-finite",
        "wire.out-of-range",
    }


def test_names_of_vectors_are_unique_in_their_file() -> None:
    for found in (VALID, INVALID, vectors("zmtp")):
        names = list(map(vector_name, found))
        assert len(names) == len(set(names))
