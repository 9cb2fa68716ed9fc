"""A second reader of msgpack, straight from annex A of the specification: the referee between vectors and codec."""

import struct
from typing import Any, Final

_NUMBERS: Final = {
    0xCA: ">f", 0xCB: ">d",
    0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q",
    0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q",
}  # fmt: skip
_SIMPLE: Final = {0xC0: None, 0xC2: False, 0xC3: True}
_LENGTHS: Final = {
    0xD9: ("text", ">B"), 0xDA: ("text", ">H"), 0xDB: ("text", ">I"),
    0xDC: ("items", ">H"), 0xDD: ("items", ">I"),
    0xDE: ("pairs", ">H"), 0xDF: ("pairs", ">I"),
}  # fmt: skip


def read(frame: bytes) -> Any:
    """Return the one value that a frame holds."""
    reader = _Reader(frame)
    value = reader.value()
    assert reader.at == len(frame), "something follows the value"
    return value


class _Reader:
    def __init__(self, frame: bytes) -> None:
        self.frame, self.at = frame, 0

    def value(self) -> Any:
        lead = self.take(1)[0]
        if lead in _NUMBERS:
            return self.number(_NUMBERS[lead])
        if lead in _SIMPLE:
            return _SIMPLE[lead]
        if lead in _LENGTHS:
            kind, size = _LENGTHS[lead]
            return self.contents(kind, int(self.number(size)))
        return self.short(lead)

    def short(self, lead: int) -> Any:
        if lead <= 0x7F:
            return lead
        if lead >= 0xE0:
            return lead - 0x100
        if lead <= 0x8F:
            return self.contents("pairs", lead & 0x0F)
        if lead <= 0x9F:
            return self.contents("items", lead & 0x0F)
        assert lead <= 0xBF, f"{lead:02x} is not in the subset"
        return self.contents("text", lead & 0x1F)

    def contents(self, kind: str, count: int) -> Any:
        if kind == "text":
            return self.take(count).decode("utf-8")
        if kind == "items":
            return [self.value() for _ in range(count)]
        return {self.value(): self.value() for _ in range(count)}

    def number(self, kind: str) -> Any:
        return struct.unpack(kind, self.take(struct.calcsize(kind)))[0]

    def take(self, count: int) -> bytes:
        taken = self.frame[self.at : self.at + count]
        assert len(taken) == count, "the frame ends too early"
        self.at += count
        return taken
