"""Models that are installed: recognised, named by what they are, and known to be whole or not."""

import json
import zipfile
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from toy_models import install_noise

from roomtone.errors import ModelError
from roomtone.models import families
from roomtone.models.families import FAMILIES, all_families, recognise
from roomtone.models.library import (
    MANIFEST,
    ModelLibrary,
    damage,
    digest_of,
    glance,
    read_model,
    record_files,
)


def write_json(path: Path, record: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record), encoding="utf-8")


def audiocraft(folder: Path, solver: str) -> None:
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "state_dict.bin", "w") as archive:
        archive.writestr("archive/data.pkl", f"xp.cfg: solver: {solver}\nsample_rate: 16000")
    (folder / "compression_state_dict.bin").write_bytes(b"")


# Recognised ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pipeline", "family"),
    [
        ("AudioLDM2Pipeline", "audioldm2"),
        ("StableAudioPipeline", "stable_audio"),
        ("StableAudio3Pipeline", "stable_audio3"),
    ],
)
def test_a_diffusers_folder_is_recognised_by_its_pipeline(tmp_path: Path, pipeline: str, family: str) -> None:
    write_json(tmp_path / "model_index.json", {"_class_name": pipeline})
    assert recognise(tmp_path) == family


@pytest.mark.parametrize("family", ["audiogen", "musicgen"])
def test_an_audiocraft_folder_is_recognised_by_how_it_was_trained(tmp_path: Path, family: str) -> None:
    audiocraft(tmp_path / "model", family)
    assert recognise(tmp_path / "model") == family


@pytest.mark.parametrize("family", ["clap", "encodec"])
def test_a_transformers_folder_is_recognised_by_its_type(tmp_path: Path, family: str) -> None:
    write_json(tmp_path / "config.json", {"model_type": family})
    assert recognise(tmp_path) == family


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 100_000, '{"_class_name": {}}'])
def test_a_folder_that_says_nothing_is_not_recognised(tmp_path: Path, content: str) -> None:
    (tmp_path / "model_index.json").write_text(content, encoding="utf-8")
    assert recognise(tmp_path) == ""


def test_every_family_says_what_its_licence_allows() -> None:
    for family in FAMILIES.values():
        assert family.licence.name
        assert family.licence.commercial in ("yes", "no", "conditions")
    assert FAMILIES["audiogen"].licence.commercial == "no"
    assert FAMILIES["stable_audio"].licence.commercial == "conditions"


def test_another_package_adds_a_family_without_being_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("dragon", "no_such_package.dragon:Dragon", "roomtone.models")
    monkeypatch.setattr(families, "entry_points", lambda group: [point] if group == "roomtone.models" else [])
    assert all_families()["dragon"].adapter == "no_such_package.dragon:Dragon"
    assert set(FAMILIES) < set(all_families())


# Read ---------------------------------------------------------------------------------------------


def test_a_model_is_read_as_it_was_installed(tmp_path: Path) -> None:
    installed = install_noise(tmp_path, python="/opt/other/bin/python", batch=3)
    read = read_model(tmp_path / "noise")
    assert read == installed
    assert read.size_bytes > 1000


def test_a_folder_with_weights_is_enough(tmp_path: Path) -> None:
    write_json(tmp_path / "rain" / "model_index.json", {"_class_name": "AudioLDM2Pipeline"})
    model = ModelLibrary(tmp_path).find("rain")
    assert (model.family, model.licence.commercial) == ("audioldm2", "no")
    assert model.weights == glance(tmp_path / "rain")


def test_other_weights_are_another_model(tmp_path: Path) -> None:
    library = ModelLibrary(tmp_path)
    write_json(tmp_path / "rain" / "model_index.json", {"_class_name": "AudioLDM2Pipeline"})
    before = library.find("rain").weights
    (tmp_path / "rain" / "unet.safetensors").write_bytes(b"weights")
    after = library.find("rain").weights
    assert before != after
    (tmp_path / "rain" / "unet.safetensors").write_bytes(b"WEIGHTS")
    assert library.find("rain").weights != after


def test_options_are_part_of_what_a_model_is(tmp_path: Path) -> None:
    install_noise(tmp_path)
    files = record_files(tmp_path / "noise")
    assert digest_of(files, {}) != digest_of(files, {"dtype": "bfloat16"})


def test_folders_that_are_no_models_are_named_as_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "holiday_pictures").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "Not A Name").mkdir()
    install_noise(tmp_path)
    library = ModelLibrary(tmp_path)
    assert list(library.installed()) == ["noise"]
    assert {name: error.code for name, error in library.broken().items()} == {
        "holiday_pictures": "model.unrecognised"
    }
    with pytest.raises(ModelError, match="did you mean 'noise'") as raised:
        library.find("nois")
    assert raised.value.code == "model.unknown"


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[]",
        "{}",
        '{"version": 2}',
        '{"version": 1, "family": "audiogen"}',
        '{"version": 1, "family": "audiogen", "weights": "a", "licence": {"name": 1, "x": 2}, "files": {}}',
        '{"version": 1, "family": "audiogen", "weights": "a", "licence": {}, "files": []}',
    ],
)
def test_a_manifest_that_cannot_be_read_is_said(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "noise").mkdir()
    (tmp_path / "noise" / MANIFEST).write_text(manifest, encoding="utf-8")
    assert {name: error.code for name, error in ModelLibrary(tmp_path).broken().items()} == {
        "noise": "model.manifest"
    }


def test_a_family_that_nobody_brings_is_said(tmp_path: Path) -> None:
    install_noise(tmp_path)
    manifest = tmp_path / "noise" / MANIFEST
    record = json.loads(manifest.read_text(encoding="utf-8"))
    write_json(manifest, {**record, "adapter": "", "family": "audiogn"})
    with pytest.raises(ModelError, match="did you mean 'audiogen'"):
        read_model(tmp_path / "noise")


def test_no_library_has_no_models(tmp_path: Path) -> None:
    for root in (None, tmp_path / "nowhere"):
        assert ModelLibrary(root).installed() == {}
        with pytest.raises(ModelError, match="there are none"):
            ModelLibrary(root).find("noise")


# Whole --------------------------------------------------------------------------------------------


def test_a_model_that_was_altered_is_found_out(tmp_path: Path) -> None:
    model = install_noise(tmp_path)
    assert damage(model) == []
    weights = tmp_path / "noise" / "weights.json"
    original = weights.read_bytes()
    weights.write_bytes(original[:-1] + b"!")
    assert damage(model) == ["weights.json was altered"]
    weights.write_bytes(original[:-3])
    assert damage(model)[0].startswith("weights.json has")
    weights.unlink()
    assert damage(model) == ["weights.json is missing"]
