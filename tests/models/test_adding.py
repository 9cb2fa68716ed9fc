"""`roomtone models`: install from a folder or a hub, whole or not at all; list, check, remove; tiny ones for a try."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from toy_hub import COMMIT, REPOSITORY, hub
from toy_models import NOISE, install_noise

from roomtone.cli import main
from roomtone.errors import EXIT_UNAVAILABLE, EXIT_USAGE, ModelError
from roomtone.models.adding import Addition, add_model, remove_model
from roomtone.models.library import MANIFEST, ModelLibrary, damage


def weights_folder(folder: Path) -> Path:
    (folder / "unet").mkdir(parents=True)
    (folder / "model_index.json").write_text('{"_class_name": "AudioLDM2Pipeline"}', encoding="utf-8")
    (folder / "unet" / "model.safetensors").write_bytes(bytes(1000))
    return folder


def add(root: Path, **what: Any) -> Any:
    return add_model(root, Addition(**what), progress=lambda _: None, tell=lambda _: None)


def refused(root: Path, **what: Any) -> str:
    with pytest.raises(ModelError) as raised:
        add(root, **what)
    assert raised.value.fix
    assert [path for path in root.glob("*") if path.name != "noise"] == [] if root.exists() else True
    return raised.value.code


def test_a_folder_is_copied_hashed_and_says_where_it_is_from(tmp_path: Path) -> None:
    source = weights_folder(tmp_path / "download")
    model = add(tmp_path / "models", name="rain", source=str(source))
    assert model.folder == tmp_path / "models" / "rain"
    assert (model.family, model.source) == ("audioldm2", str(source.resolve()))
    assert set(model.files) == {"model_index.json", "unet/model.safetensors"}
    assert damage(model) == []
    assert ModelLibrary(tmp_path / "models").find("rain") == model


def test_a_link_leaves_the_weights_where_they_are(tmp_path: Path) -> None:
    source = weights_folder(tmp_path / "download")
    model = add(tmp_path / "models", name="rain", source=str(source), link=True)
    assert model.folder == source.resolve()
    assert [path.name for path in (tmp_path / "models" / "rain").iterdir()] == [MANIFEST]
    remove_model(tmp_path / "models", "rain")
    assert (source / "unet" / "model.safetensors").is_file()
    assert ModelLibrary(tmp_path / "models").installed() == {}


def test_the_same_weights_have_the_same_digest_wherever_they_lie(tmp_path: Path) -> None:
    source = weights_folder(tmp_path / "download")
    one = add(tmp_path / "a", name="rain", source=str(source))
    other = add(tmp_path / "b", name="rain", source=str(source), link=True)
    assert one.weights == other.weights
    assert (
        add(tmp_path / "c", name="rain", source=str(source), options={"dtype": "bfloat16"}).weights
        != one.weights
    )


def test_a_model_of_ones_own_brings_its_adapter_and_its_interpreter(tmp_path: Path) -> None:
    source = tmp_path / "research"
    source.mkdir()
    (source / "adapter.py").write_text(NOISE, encoding="utf-8")
    model = add(
        tmp_path / "models",
        name="noise",
        source=str(source),
        family="make_a_noise",
        adapter="adapter.py:Noise",
        python=sys.executable,
        options={"batch": 3},
    )
    assert model.adapter == f"{tmp_path / 'models' / 'noise' / 'adapter.py'}:Noise"
    assert (model.python, model.options) == (sys.executable, {"batch": 3})
    assert model.licence.commercial == "no", "what nobody says is not allowed"


def test_what_a_model_needs_beside_its_own_weights_is_put_where_it_looks(tmp_path: Path) -> None:
    source, t5 = weights_folder(tmp_path / "download"), tmp_path / "t5-large"
    t5.mkdir()
    (t5 / "config.json").write_text("{}", encoding="utf-8")
    model = add(tmp_path / "models", name="rain", source=str(source), beside={"t5": str(t5)})
    assert "t5/config.json" in model.files


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"beside": {"t5": "no/such/place/at all"}}, "model.no-folder"),
        ({"beside": {"../t5": "owner/name"}}, "model.name"),
        ({"name": "Rain Model"}, "model.name"),
        ({"name": "../rain"}, "model.name"),
        ({"name": "noise"}, "model.exists"),
        ({"source": "no/such/folder"}, "model.no-folder"),
        ({"source": "owner/name", "link": True}, "model.no-folder"),
        ({"family": "audioldm3"}, "model.unknown-family"),
    ],
)
def test_what_cannot_be_installed_is_refused_before_any_work(
    tmp_path: Path, what: dict[str, Any], code: str
) -> None:
    source = weights_folder(tmp_path / "download")
    install_noise(tmp_path / "models")
    assert refused(tmp_path / "models", **{"name": "rain", "source": str(source), **what}) == code


def test_a_folder_of_nothing_known_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "cat.jpg").write_bytes(b"cat")
    assert refused(tmp_path / "models", name="cat", source=str(tmp_path / "pictures")) == "model.unrecognised"


def test_a_disk_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = weights_folder(tmp_path / "download")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("roomtone.models.adding.write_manifest", full)
    assert refused(tmp_path / "models", name="rain", source=str(source)) == "model.not-written"


# Pickles ------------------------------------------------------------------------------------------


@pytest.mark.system
def test_a_pickle_that_would_run_code_is_refused(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, Any]:
            return os.system, ("touch " + str(tmp_path / "owned"),)

    source = weights_folder(tmp_path / "download")
    (source / "unet" / "evil.bin").write_bytes(pickle.dumps(Evil()))
    assert refused(tmp_path / "models", name="rain", source=str(source)) == "model.unsafe"
    assert not (tmp_path / "owned").exists()


@pytest.mark.system
def test_a_truncated_pickle_is_refused(tmp_path: Path) -> None:
    source = weights_folder(tmp_path / "download")
    (source / "unet" / "torn.bin").write_bytes(b"PK\x03\x04" + bytes(100))
    assert refused(tmp_path / "models", name="rain", source=str(source)) == "model.damaged"


@pytest.mark.system
def test_pickled_weights_become_safetensors_without_loss(tmp_path: Path) -> None:
    source = weights_folder(tmp_path / "download")
    script = (
        "import sys, torch\n"
        "w = torch.arange(6.0).reshape(2, 3)\n"
        "torch.save({'a': w, 'b': w[0]}, sys.argv[1])\n"
    )
    subprocess.run([sys.executable, "-c", script, source / "unet" / "pytorch_model.bin"], check=True)
    (source / "unet" / "model.safetensors").unlink()
    model = add(tmp_path / "models", name="rain", source=str(source))
    assert set(model.files) == {"model_index.json", "unet/model.safetensors"}
    assert (source / "unet" / "pytorch_model.bin").is_file(), "the original is not touched"
    script = (
        "import sys\n"
        "from safetensors import safe_open\n"
        "with safe_open(sys.argv[1], 'np') as f: print({k: f.get_tensor(k).tolist() for k in f.keys()})\n"
    )
    path = model.folder / "unet" / "model.safetensors"
    said = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "{'a': [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]], 'b': [0.0, 1.0, 2.0]}"


# The hub ------------------------------------------------------------------------------------------

FILES = {
    "model_index.json": b'{"_class_name": "StableAudioPipeline"}',
    "vae/model.safetensors": bytes(5000),
    "README.md": b"# Rain",
}


def download(address: str, models: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "roomtone", "models", "add", "rain", "--from", REPOSITORY]
    # What was loaded in this process may have told libraries to stay off the network: this command is what uses it.
    told = {name: value for name, value in os.environ.items() if not name.endswith("_OFFLINE")}
    environment = {**told, "HF_ENDPOINT": address, "HF_HOME": str(models.parent / "hf")}
    return subprocess.run(
        [*command, "--models-dir", str(models), "--json", *flags],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


@pytest.mark.system
def test_a_model_is_downloaded_and_pinned_to_its_commit(tmp_path: Path) -> None:
    with hub(FILES) as address:
        ended = download(address, tmp_path / "models")
    assert ended.returncode == 0, ended.stderr
    record = json.loads(ended.stdout)
    assert (record["family"], record["source"]) == ("stable_audio", f"{REPOSITORY}@{COMMIT}")
    assert record["licence"]["commercial"] == "conditions"
    model = ModelLibrary(tmp_path / "models").find("rain")
    assert set(model.files) == set(FILES)
    assert damage(model) == []


@pytest.mark.system
def test_a_download_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    with hub(FILES, break_after=1) as address:
        ended = download(address, tmp_path / "models")
    assert ended.returncode == EXIT_UNAVAILABLE
    assert json.loads(ended.stdout)["errors"][0]["code"] == "model.cannot-download"
    assert list((tmp_path / "models").iterdir()) == []


# The commands -------------------------------------------------------------------------------------


def test_the_list_says_what_there_is_and_what_its_licence_allows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install_noise(tmp_path)
    (tmp_path / "pictures").mkdir()
    assert main(["models", "list", "--models-dir", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "commercial use allowed" in said
    assert "✗" in said
    assert main(["models", "list", "--models-dir", str(tmp_path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert [model["name"] for model in record["models"]] == ["noise"]
    assert record["broken"]["pictures"]["code"] == "model.unrecognised"


def test_an_empty_library_says_how_to_fill_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list", "--models-dir", str(tmp_path)]) == 0
    assert "roomtone models add" in capsys.readouterr().err
    assert main(["models", "check", "--models-dir", str(tmp_path)]) == EXIT_UNAVAILABLE


@pytest.mark.system
def test_a_check_loads_runs_and_measures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install_noise(tmp_path)
    assert main(["models", "check", "noise", "--models-dir", str(tmp_path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)["noise"]
    assert record["able"]["sample_rate_hz"] == 16000
    assert record["clip_s"] == pytest.approx(2.0, abs=0.1)
    assert -60.0 < record["lufs"] < 0.0


@pytest.mark.system
@pytest.mark.parametrize("trouble", ["altered", "no interpreter", "no adapter"])
def test_a_check_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str], trouble: str) -> None:
    model = install_noise(tmp_path, python="/no/python" if trouble == "no interpreter" else "")
    if trouble == "altered":
        (model.folder / "weights.json").write_text("{}", encoding="utf-8")
    if trouble == "no adapter":
        manifest = model.folder / MANIFEST
        manifest.write_text(
            manifest.read_text("utf-8").replace("adapter.py:Noise", "adapter.py:Nose"), "utf-8"
        )
    assert main(["models", "check", "--models-dir", str(tmp_path), "--json"]) == EXIT_UNAVAILABLE
    error = json.loads(capsys.readouterr().out)["noise"]["error"]
    expected = {
        "altered": "model.damaged",
        "no interpreter": "model.cannot-start",
        "no adapter": "model.load-failed",
    }
    assert error["code"] == expected[trouble]


@pytest.mark.parametrize("option", ["dtype", "=bfloat16"])
def test_an_option_without_a_value_is_no_option(option: str) -> None:
    assert main(["models", "add", "rain", "--from", "x", "--option", option]) == EXIT_USAGE
