"""The codec in GDScript, inside a real Godot, reads the vectors of the protocol and every form that msgpack allows."""

import json
import math
import struct
from collections.abc import Iterator
from typing import Any, Final

import plain_msgpack
import plain_zmtp
import pytest
from engine import Engine
from wire_vectors import PROTOCOL, bytes_of_line, vector_name, vectors

pytestmark = pytest.mark.system

VALID: Final = vectors("valid")
INVALID: Final = vectors("invalid")
ZMTP: Final = vectors("zmtp")
# What is refused and by which code: lengths beyond the limits of section 2.6, and what is no msgpack of annex A.
REFUSED: Final = {
    "c1": "wire.not-msgpack",
    "": "wire.not-msgpack",
    "c401ff": "wire.wrong-type",
    "d40100": "wire.wrong-type",
    "c7010500": "wire.wrong-type",
    "d6ff00000000": "wire.wrong-type",
    "a2c080": "wire.not-msgpack",
    "a3eda080": "wire.not-msgpack",
    "a4f4908080": "wire.not-msgpack",
    "a1ff": "wire.not-msgpack",
    "8101a161": "wire.not-msgpack",
    "da0401" + "61" * 1025: "wire.too-large",
    "dc1001" + "00" * 4097: "wire.too-large",
    "de1001": "wire.too-large",
    "dbffffffff": "wire.too-large",
    "91" * 40 + "00": "wire.too-deep",
    "0000": "wire.not-msgpack",
}


def integers() -> Iterator[tuple[bytes, int]]:
    """Yield edges of every width, in every format that holds them."""
    edges = {0, 1, 5, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53 - 1}
    for number in edges:
        if number < 0x80:
            yield bytes([number]), number
        for lead, kind, width in ((0xCC, ">B", 8), (0xCD, ">H", 16), (0xCE, ">I", 32), (0xCF, ">Q", 64)):
            if number < 2**width:
                yield bytes([lead]) + struct.pack(kind, number), number
    for number in edges | {-edge for edge in edges} | {-(2**63), -32, -33, -129, -32769, 2**63 - 1}:
        if -32 <= number < 0:
            yield struct.pack(">b", number), number
        for lead, kind, width in ((0xD0, ">b", 8), (0xD1, ">h", 16), (0xD2, ">i", 32), (0xD3, ">q", 64)):
            if -(2 ** (width - 1)) <= number < 2 ** (width - 1):
                yield bytes([lead]) + struct.pack(kind, number), number


def floats() -> Iterator[tuple[bytes, float]]:
    for number in (0.0, 1.5, -2.25, 1e-3, 3.4e38, 1e300, 5e-324, math.pi):
        yield b"\xcb" + struct.pack(">d", number), number
        if abs(number) < 3.5e38:
            single = struct.pack(">f", number)
            yield b"\xca" + single, struct.unpack(">f", single)[0]


def texts() -> Iterator[tuple[bytes, str]]:
    for text in ("", "a", "é", "雨", "🌧", "x" * 31, "x" * 32, "x" * 255, "x" * 256, "é" * 500):
        raw = text.encode()
        if len(raw) < 32:
            yield bytes([0xA0 | len(raw)]) + raw, text
        for lead, kind, width in ((0xD9, ">B", 8), (0xDA, ">H", 16), (0xDB, ">I", 32)):
            if len(raw) < 2**width:
                yield bytes([lead]) + struct.pack(kind, len(raw)) + raw, text


def containers() -> Iterator[tuple[bytes, Any]]:
    for count in (0, 1, 15, 16, 300):
        items, pairs = list(range(count)), {f"{i:03d}": i for i in range(count)}
        packed_items = b"".join(b"\xcd" + struct.pack(">H", i) for i in items)
        packed_pairs = b"".join(
            b"\xa3" + key.encode() + b"\xcd" + struct.pack(">H", i) for key, i in pairs.items()
        )
        for short, leads, packed, value in (
            (0x90, (0xDC, 0xDD), packed_items, items),
            (0x80, (0xDE, 0xDF), packed_pairs, pairs),
        ):
            if count < 16:
                yield bytes([short | count]) + packed, value
            yield bytes([leads[0]]) + struct.pack(">H", count) + packed, value
            yield bytes([leads[1]]) + struct.pack(">I", count) + packed, value


LEGAL: Final[list[tuple[bytes, Any]]] = [
    *integers(), *floats(), *texts(), *containers(), (b"\xc0", None), (b"\xc2", False), (b"\xc3", True),
]  # fmt: skip
HUGE: Final = [2**63, 2**64 - 1]


def stage_of(vector: Any) -> str:
    return str(vector.get("stage") or ("greeting" if vector["file"] == "greeting" else "frames"))


@pytest.fixture(scope="module")
def report(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Everything is read in one start of the engine."""
    folder = tmp_path_factory.mktemp("wire")
    values = [raw.hex() for raw, _ in LEGAL]
    values += [(b"\xcf" + struct.pack(">Q", number)).hex() for number in HUGE]
    values += list(REFUSED)
    asked = {
        "messages": [{"hex": v["frame"].hex(), "direction": v["direction"]} for v in (*VALID, *INVALID)],
        "cut": [{"hex": v["frame"].hex(), "direction": v["direction"]} for v in VALID],
        "values": values,
        "zmtp": [{"hex": v["frame"].hex(), "stage": stage_of(v)} for v in ZMTP],
    }
    (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    return engine.check("wire_check", folder / "report.json", **{"in": folder / "asked.json"})


@pytest.mark.parametrize("index", range(len(VALID)), ids=lambda i: vector_name(VALID[i]))
def test_godot_reads_a_valid_vector_as_it_says(report: Any, index: int) -> None:
    assert report["messages"][index]["message"] == VALID[index]["message"]


@pytest.mark.parametrize("index", range(len(VALID)), ids=lambda i: vector_name(VALID[i]))
def test_what_godot_writes_reads_the_same_to_a_second_reader(report: Any, index: int) -> None:
    again = bytes.fromhex(report["messages"][index]["again"])
    assert plain_msgpack.read(again) == VALID[index]["message"]


@pytest.mark.parametrize("index", range(len(INVALID)), ids=lambda i: vector_name(INVALID[i]))
def test_godot_refuses_an_invalid_vector_with_its_code(report: Any, index: int) -> None:
    found, vector = report["messages"][len(VALID) + index], INVALID[index]
    assert found["code"] in {vector["code"], vector.get("or")}
    assert (found["at"], found["id"]) == (vector.get("at", ""), vector.get("id", 0))
    assert found["what"]
    assert found["fix"]


def test_godot_takes_no_message_that_is_cut(report: Any) -> None:
    assert report["cut"] == [0] * len(VALID)


def test_godot_reads_every_legal_encoding_of_a_value(report: Any) -> None:
    for (raw, value), found in zip(LEGAL, report["values"], strict=False):
        assert found.get("value") == value, (raw[:12].hex(), value, found)
        assert found["type"] == {int: "int", float: "float", str: "String", bool: "bool", list: "Array",
                                 dict: "Dictionary", type(None): "Nil"}[type(value)]  # fmt: skip


def test_godot_writes_every_value_so_that_a_second_reader_finds_it(report: Any) -> None:
    for (_, value), found in zip(LEGAL, report["values"], strict=False):
        assert plain_msgpack.read(bytes.fromhex(found["again"])) == value


def test_godot_takes_integers_beyond_its_own_for_the_number_they_are(report: Any) -> None:
    found = report["values"][len(LEGAL) : len(LEGAL) + len(HUGE)]
    assert [each["type"] for each in found] == ["huge", "huge"]
    assert [each["value"] for each in found] == [float(number) for number in HUGE]


def test_godot_refuses_what_is_no_value_of_the_subset(report: Any) -> None:
    found = report["values"][len(LEGAL) + len(HUGE) :]
    assert {raw: each.get("code") for raw, each in zip(REFUSED, found, strict=True)} == REFUSED


@pytest.mark.parametrize("index", range(len(ZMTP)), ids=lambda i: vector_name(ZMTP[i]))
def test_godot_hears_a_connection_as_its_vector_says(report: Any, index: int) -> None:
    vector, found = ZMTP[index], report["zmtp"][index]
    if vector["file"] == "refused":
        assert found["code"].startswith("connection.")
        assert found["what"]
    elif vector["file"] == "greeting":
        other = vector["means"]["mechanism"] != "NULL"
        assert found["code"] == ("connection.other-mechanism" if other else "")
    elif vector["file"] == "messages":
        told = [
            [bytes_of_line(text.replace("*", " x") or "00 x0").hex() for text in vector["means"]["frames"]]
        ]
        told += [[text] for text in vector["means"].get("then", [])]
        assert [each["frames"] for each in found["heard"] if not each["command"]] == told
    else:
        (heard,) = found["heard"]
        assert heard["command"] == vector["means"]["command"]
        assert heard["properties"] == vector["means"].get("properties", {})


def test_godot_says_what_the_vectors_say(report: Any) -> None:
    said = {name: bytes.fromhex(text) for name, text in report["said"].items()}
    greeting = plain_zmtp.read_greeting(said["greeting"])
    assert greeting == {"version": [3, 1], "mechanism": "NULL", "as_server": False}
    by_name = {vector_name(each): each["frame"] for each in ZMTP}
    assert said["ready"] == by_name["commands: READY of a DEALER"]
    assert said["pong"][2:] == b"\x04PONG\x01\x02\x03"
    assert plain_zmtp.read_command(plain_zmtp.read_frames(said["ping"])[0].body)["command"] == "PING"
    for name, size in (("short", 255), ("long", 256)):
        assert plain_zmtp.read_messages(plain_zmtp.read_frames(said[name])) == [[b"\x2a" * size]]


def test_the_table_of_messages_is_the_protocols(report: Any) -> None:
    text = (PROTOCOL / "messages.json").read_text(encoding="utf-8")
    protocol = json.loads(text)
    assert report["limits"] == protocol["limits"]
    for speaker in ("client", "daemon"):
        told = {each["t"]: each["fields"] for each in protocol["messages"] if each["from"] == speaker}
        assert {name: list(fields_of(row)) for name, row in report["table"][speaker].items()} == told
    records = {name: list(fields_of(row)) for name, row in report["table"]["records"].items()}
    assert records == protocol["records"]


def fields_of(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Spell a row of the addon's table as `messages.json` does."""
    for name, field in row.items():
        default = {"required": True} if len(field) == 1 else {"required": False, "default": field[1]}
        yield {"name": name, **described(field[0]), **default}


def described(shape: list[Any]) -> dict[str, Any]:
    kind, *limits = shape
    if kind == "maybe":
        return {**described(limits[0]), "nil": True}
    names = {
        "int": ("min", "max"), "float": ("min", "max"), "string": ("min_bytes", "max_bytes"), "record": ("record",),
        "tuple": ("of",), "choice": ("of",), "array": ("of", "min_items", "max_items"), "bool": (),
        "map": ("key", "of", "min_items", "max_items"),
    }[kind]  # fmt: skip
    found = {"type": kind, **dict(zip(names, limits, strict=False))}
    if kind == "tuple":
        return found | {"of": [described(place) for place in found["of"]]}
    return found | {
        part: described(found[part]) for part in ("key", "of") if part in names and kind != "choice"
    }
