"""The Unity package is whole: what Unity asks of its files, and what two compilers and IL2CPP ask of its code."""

import json
import re
from pathlib import Path

import pytest
from unity_metas import PACKAGE, assets, meta_of, meta_text

RUNTIME = sorted((PACKAGE / "Runtime").rglob("*.cs"))
ALL_CODE = [
    *RUNTIME,
    *sorted((PACKAGE / "Editor").rglob("*.cs")),
    *sorted((PACKAGE / "Samples~").rglob("*.cs")),
]
DEFINITIONS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.asmdef")}
# Braces stand on lines of their own: a third more than in Python.
MOST_LINES = 400

# What Unity 2021's compiler (C# 9) takes and mcs does not, or reads otherwise: 48_000 is 480000 to mcs.
NOT_IN_BOTH = {
    "digit separators": r"\b\d+_\d",
    "using declarations": r"^\s*using var ",
    "switch expressions": r"\bswitch\s*\n?\s*\{[^}]*=>",
    "null-coalescing assignment": r"\?\?=",
    "indices from the end": r"\[\^",
    "nullable contexts": r"#nullable",
    "target-typed new": r"= new\(",
}
# Ahead-of-time compilation knows no code that is made at run time; LINQ makes garbage.
NOT_AHEAD_OF_TIME = {
    "reflection": r"System\.Reflection|\.GetType\(\)\.Get|Activator\.",
    "dynamic": r"\bdynamic\b",
    "LINQ": r"System\.Linq",
}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def code_of(path: Path) -> str:
    """Return a file without its comments and strings."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text)
    return re.sub(r"//.*", "", text)


def test_every_asset_has_its_meta_and_no_meta_is_left_over() -> None:
    expected = {meta_of(asset) for asset in assets()}
    assert set(PACKAGE.rglob("*.meta")) == expected
    for asset in assets():
        assert meta_of(asset).read_text(encoding="utf-8") == meta_text(asset), name_of(asset)


def test_no_two_assets_have_one_guid() -> None:
    guids = [
        re.findall(r"guid: (\w{32})", meta_of(asset).read_text(encoding="utf-8"))[0] for asset in assets()
    ]
    assert len(set(guids)) == len(guids)


def test_the_manifest_says_what_unity_needs() -> None:
    manifest = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
    assert manifest["name"] == "com.roomtone.client"
    assert manifest["unity"] == "2021.3"
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])
    assert f"## [{manifest['version']}]" in (PACKAGE / "CHANGELOG.md").read_text(encoding="utf-8")
    for sample in manifest["samples"]:
        assert list((PACKAGE / sample["path"]).glob("*.cs")), sample


def test_the_license_is_the_projects() -> None:
    assert (PACKAGE / "LICENSE.md").read_bytes() == (PACKAGE.parent / "LICENSE").read_bytes()


def test_wire_and_client_know_no_engine() -> None:
    for name in ("Roomtone.Wire", "Roomtone.Client"):
        assert DEFINITIONS[name]["noEngineReferences"]
    for path in RUNTIME:
        if path.relative_to(PACKAGE / "Runtime").parts[0] in {"Wire", "Client"}:
            assert "UnityEngine" not in code_of(path), name_of(path)


def test_assemblies_refer_only_to_assemblies_that_are_there() -> None:
    outside = {"UnityEngine.TestRunner", "UnityEditor.TestRunner"}
    for name, definition in DEFINITIONS.items():
        assert definition["name"] == name
        assert set(definition["references"]) <= {*DEFINITIONS, *outside}, name


def test_only_the_resampler_has_pointers() -> None:
    assert [path.name for path in ALL_CODE if re.search(r"\bunsafe\b", code_of(path))] == ["Resampler.cs"]
    assert [name for name, each in DEFINITIONS.items() if each["allowUnsafeCode"]] == ["Roomtone.Client"]


@pytest.mark.parametrize("construct", NOT_IN_BOTH)
def test_both_compilers_read_the_code_alike(construct: str) -> None:
    for path in ALL_CODE:
        assert not re.search(NOT_IN_BOTH[construct], code_of(path), flags=re.MULTILINE), name_of(path)


@pytest.mark.parametrize("construct", NOT_AHEAD_OF_TIME)
def test_the_code_can_be_compiled_ahead_of_time(construct: str) -> None:
    for path in RUNTIME:
        if path.name != "AssemblyInfo.cs":
            assert not re.search(NOT_AHEAD_OF_TIME[construct], code_of(path)), name_of(path)


def test_a_file_has_one_type_with_its_name_and_is_short() -> None:
    kinds = r"^    (?:\[.*\]\s*)?(?:public|internal) (?:\w+ )*(?:class|struct|interface|enum) (\w+)"
    for path in ALL_CODE:
        if path.name != "AssemblyInfo.cs":
            assert re.findall(kinds, code_of(path), flags=re.MULTILINE) == [path.stem], name_of(path)
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES, name_of(path)


def test_classes_are_sealed_static_or_meant_to_be_built_on() -> None:
    for path in ALL_CODE:
        for line in re.findall(r"^    (?:public|internal) .*class .*$", code_of(path), flags=re.MULTILINE):
            assert re.search(r"\b(sealed|static|abstract)\b", line) or "WireException" in line, line


def test_no_line_is_too_long() -> None:
    for path in ALL_CODE:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            is_prose = line.lstrip().startswith("//")
            assert len(line) <= (135 if is_prose else 120), f"{name_of(path)}:{number}"
            assert line == line.rstrip(), f"{name_of(path)}:{number}"
