from collections.abc import Callable
from pathlib import Path

import pytest

from roomtone.errors import SceneErrors
from roomtone.scene.files import parse_scene
from roomtone.scene.model import Catalogue, Scene, SynthEntry


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return {
        "rain": SynthEntry(
            summary="Rain.",
            controls={"intensity": "heavier", "surface": "on what it falls", "brightness": "brighter"},
            wraps=frozenset({"brightness"}),
            settings={"surface": {"grass": 0.1, "tin": 0.8}},
        ),
        "thunder": SynthEntry(summary="Thunder.", controls={"rate": "more often"}, struck=True),
    }


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenes folder beside things that a scene must not reach."""
    top = tmp_path_factory.mktemp("project")
    root = top / "scenes"
    (root / "clips").mkdir(parents=True)
    (root / "street.yaml").write_text("scene: street\nlayers: {}\n")
    (root / "clips" / "bell.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt ")
    (root / "clips" / "brook.flac").write_bytes(b"fLaC\x00\x00\x00\x22")
    (root / "clips" / "song.mp3").write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x00")
    (top / "secret.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt ")
    try:
        (root / "clips" / "way_out.wav").symlink_to(top / "secret.wav")
        (root / "clips" / "circle.wav").symlink_to(root / "clips" / "circle.wav")
    except OSError:
        # Windows lets only some users make links; the tests of links then see a missing file.
        (root / "clips" / "way_out.wav").unlink(missing_ok=True)
    return root


Parse = Callable[[str], Scene]


@pytest.fixture(scope="session")
def parse(root: Path, catalogue: Catalogue) -> Parse:
    """Parse text as the file `cafe.yaml` of the folder."""

    def parsed(text: str) -> Scene:
        return parse_scene(text, path=root / "cafe.yaml", root=root, catalogue=catalogue)

    return parsed


@pytest.fixture(scope="session")
def mistakes(parse: Parse) -> Callable[[str], list[tuple[str, int, int]]]:
    """Parse text and return each mistake's code, line and column."""

    def found(text: str) -> list[tuple[str, int, int]]:
        try:
            parse(text)
        except SceneErrors as errors:
            places = [error.at.rsplit(":", 2) for error in errors.errors]
            return [
                (error.code, int(line), int(column))
                for error, (_, line, column) in zip(errors.errors, places, strict=True)
            ]
        return []

    return found
