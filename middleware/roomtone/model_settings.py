"""From settings to what models and clips need: their folders, and what the game leaves to them."""

from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from roomtone.cache.store import Cache, default_cache_folder
from roomtone.layers.banks import BankRoom
from roomtone.models.crew import Governor
from roomtone.models.library import ModelLibrary
from roomtone.models.service import ServiceOptions
from roomtone.settings import Settings

_GB: Final = 1_000_000_000


def default_models_folder() -> Path:
    """Say where models are installed unless a user says otherwise."""
    return user_data_path("roomtone") / "models"


def service_options(settings: Settings) -> ServiceOptions:
    """Say what the pool is to work with."""
    return ServiceOptions(
        models_dir=settings.models_dir or default_models_folder(),
        cache_dir=settings.cache_dir or default_cache_folder(),
        max_bytes=round(settings.cache_max_gb * _GB),
        device=settings.device,
        candidates=settings.candidates,
    )


def open_banks(settings: Settings) -> BankRoom:
    """Open what there is of clips and models; neither folder need exist."""
    options = service_options(settings)
    return BankRoom(
        Cache(options.cache_dir, max_bytes=options.max_bytes),
        ModelLibrary(options.models_dir),
        default_model=settings.model,
    )


def governor_of(settings: Settings) -> Governor:
    """Say what the settings leave to the models."""
    return Governor(max_share=settings.governor_max_share, max_vram_gb=settings.governor_max_vram_gb)
