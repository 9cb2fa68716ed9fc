"""A checkpoint is loaded whole, without the network and without running anything in it, or not at all."""

import json
import os
import pickle
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import Tiny
from latent_runs import ADAPTERS, distance, job, make
from safetensors.torch import load_file, save_file

from roomtone.errors import ModelError
from roomtone.models.adapters import loading
from roomtone.models.adapters.clap import Clap
from roomtone.models.worker import explained

Copy = Callable[[str], Path]
ALL = {**ADAPTERS, "clap": Clap}
UNET = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture
def copy(tiny: Tiny, tmp_path: Path) -> Copy:
    """A checkpoint that a test may break."""

    def copied(family: str) -> Path:
        shutil.copytree(tiny(family), tmp_path / family)
        return tmp_path / family

    return copied


def load(family: str, folder: Path, **options: Any) -> Any:
    return ALL[family](str(folder), device="cpu", options=options)


def refusal(family: str, folder: Path, **options: Any) -> ModelError:
    with pytest.raises(ModelError) as refused:
        load(family, folder, **options)
    assert refused.value.fix
    assert explained(refused.value, "model.load-failed")["code"] == refused.value.code
    return refused.value


@pytest.mark.parametrize("family", ALL)
def test_nothing_is_asked_of_the_network(tiny: Tiny, family: str, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_address: Any) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    load(family, tiny(family))
    assert os.environ["HF_HUB_OFFLINE"] == "1"


@pytest.mark.parametrize("family", ALL)
def test_a_folder_that_is_not_there_is_named(tmp_path: Path, family: str):
    error = refusal(family, tmp_path / "nowhere")
    assert (error.code, error.at) == ("model.no-folder", str(tmp_path / "nowhere"))


@pytest.mark.parametrize("family", ALL)
def test_a_checkpoint_of_another_family_is_refused(tiny: Tiny, family: str):
    other = "stable_audio" if family == "audioldm2" else "audioldm2"
    assert refusal(family, tiny(other)).code in {"model.wrong-family", "model.incomplete"}


def test_an_empty_folder_is_incomplete(tmp_path: Path):
    assert refusal("audioldm2", tmp_path).code == "model.incomplete"


@pytest.mark.parametrize("family", ALL)
def test_every_part_that_is_missing_is_missed(copy: Copy, family: str):
    """Some libraries go on without: with random weights, or a tokenizer that knows no word."""
    folder = copy(family)
    for part in [path for path in sorted(folder.iterdir()) if path.is_dir()]:
        hidden = part.rename(folder.parent / "hidden")
        error = refusal(family, folder)
        assert error.code == "model.incomplete"
        assert part.name in error.at
        hidden.rename(part)
    load(family, folder)


@pytest.mark.parametrize(
    "file",
    [
        UNET,
        "unet/config.json",
        "vae/diffusion_pytorch_model.safetensors",
        "text_encoder/model.safetensors",
        "language_model/model.safetensors",
        "tokenizer/tokenizer.json",
        "tokenizer_2/tokenizer.json",
        "scheduler/scheduler_config.json",
        "feature_extractor/preprocessor_config.json",
    ],
)
def test_a_file_that_ends_too_early_or_is_gone_is_noticed(copy: Copy, file: str):
    folder = copy("audioldm2")
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[: len(whole) // 2])
    error = refusal("audioldm2", folder)
    assert error.code == "model.damaged"
    assert Path(file).parts[0] in error.at
    (folder / file).unlink()
    assert refusal("audioldm2", folder).code == "model.incomplete"


def test_weights_that_lack_one_are_not_filled_up_by_chance(copy: Copy):
    for family, file in (("audioldm2", UNET), ("audioldm2", "language_model/model.safetensors")):
        path = copy(family) / file
        weights = load_file(path)
        weights.pop(sorted(weights)[3])
        save_file(weights, path, metadata={"format": "pt"})
        error = refusal(family, path.parents[1])
        assert error.code == "model.damaged"
        assert "missing" in error.what
        shutil.rmtree(path.parents[1])


def test_weights_of_another_size_are_refused(copy: Copy):
    folder = copy("audioldm2")
    config = folder / "unet" / "config.json"
    config.write_text(
        config.read_text(encoding="utf-8").replace('"in_channels": 8', '"in_channels": 4'), "utf-8"
    )
    assert refusal("audioldm2", folder).code == "model.damaged"


def test_a_settings_file_of_absurd_length_is_not_read(copy: Copy):
    folder = copy("audioldm2")
    (folder / "unet" / "config.json").write_bytes(b" " * (2 << 20))
    assert refusal("audioldm2", folder).code == "model.damaged"


# Pickles ----------------------------------------------------------------------------------------


class Evil:
    """What runs when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> Any:
        return (Path.touch, (self._mark,))


def pickled(folder: Path, part: str, content: Any, **how: Any) -> Path:
    """Put a pickle in place of a part's weights."""
    old = next((folder / part).glob("*.safetensors"))
    old.unlink()
    name = "pytorch_model.bin" if old.stem == "model" else "diffusion_pytorch_model.bin"
    torch.save(content, folder / part / name, **how)
    return folder / part / name


@pytest.mark.parametrize("part", ["unet", "language_model"])
@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_that_would_run_something_is_refused_and_runs_nothing(copy: Copy, part: str, zipped: bool):
    folder = copy("audioldm2")
    mark = folder / "it_ran"
    pickled(folder, part, {"weight": Evil(mark)}, _use_new_zipfile_serialization=zipped)
    error = refusal("audioldm2", folder)
    assert error.code == "model.unsafe"
    assert part in error.at
    assert not mark.exists()
    pickle.loads(pickle.dumps(Evil(mark)))
    assert mark.exists()


def test_weights_alone_in_a_pickle_are_read(copy: Copy, loaded: Callable[[str], Any]):
    folder = copy("audioldm2")
    for part in ("unet", "language_model", "vocoder"):
        weights = load_file(next((folder / part).glob("*.safetensors")))
        pickled(folder, part, weights)
    assert (
        distance(
            make(loaded("audioldm2"), job())[0]["samples"],
            make(load("audioldm2", folder), job())[0]["samples"],
        )
        < 1e-5
    )


def test_weights_in_shards_are_read_and_a_missing_shard_is_named(
    tiny: Tiny, copy: Copy, loaded: Callable[[str], Any]
):
    folder = copy("stable_audio3")
    part = folder / "transformer"
    file = "diffusion_pytorch_model.safetensors"
    weights = load_file(part / file)
    (part / file).unlink()
    halves = [dict(list(weights.items())[::2]), dict(list(weights.items())[1::2])]
    index: dict[str, str] = {}
    for i, half in enumerate(halves):
        name = f"diffusion_pytorch_model-0000{i + 1}-of-00002.safetensors"
        save_file(half, part / name, metadata={"format": "pt"})
        index |= dict.fromkeys(half, name)
    (part / f"{file}.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}), "utf-8")
    ours = make(load("stable_audio3", folder), job())[0]["samples"]
    assert distance(make(loaded("stable_audio3"), job())[0]["samples"], ours) < 1e-5
    (part / "diffusion_pytorch_model-00002-of-00002.safetensors").unlink()
    error = refusal("stable_audio3", folder)
    assert error.code == "model.incomplete"
    assert "00002-of-00002" in error.at


# Places and options -----------------------------------------------------------------------------


def test_a_model_that_is_larger_than_what_is_free_is_not_begun_with(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(loading, "free_memory_bytes", lambda _device: 1_000_000)
    error = refusal("audioldm2", tiny("audioldm2"))
    assert error.code == "model.out-of-memory"
    assert "0.0 GB are free on cpu" in error.what


@pytest.mark.parametrize("name", ["cuda:99", "tpu", "meta"])
def test_a_device_that_this_machine_lacks_is_refused(tiny: Tiny, name: str):
    with pytest.raises(ModelError, match=r"device.*model\.no-device"):
        ADAPTERS["stable_audio"](str(tiny("stable_audio")), device=name, options={})


def test_the_best_device_is_taken_by_itself(monkeypatch: pytest.MonkeyPatch):
    for there, best in (({"cuda", "mps"}, "cuda"), ({"mps"}, "mps"), (set(), "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=there: "cuda" in there)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda there=there: "mps" in there)
        assert loading.choose_device("auto").type == best


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"colour": "red"}, "no option 'colour'"),
        ({"dtype": "fp8"}, "option 'dtype' is 'fp8'"),
        ({"batch": 0}, "option 'batch' is 0"),
        ({"batch": True}, "option 'batch' is True"),
        ({"compile": 1}, "option 'compile' is 1"),
        ({"solver": "magic"}, "option 'solver' is 'magic'"),
        ({"window": "full"}, "option 'window' is 'full'"),
    ],
)
def test_an_option_that_is_none_is_refused_before_anything_is_loaded(
    tiny: Tiny, options: dict[str, Any], complaint: str
):
    error = refusal("audioldm2", tiny("audioldm2"), **options)
    assert error.code == "model.bad-option"
    assert complaint in error.what
