"""What the daemon and the pool's process say to each other, as JSON; both ends are this package."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from roomtone.models.crew import Governor
from roomtone.models.news import Busy, Made, Missed, ModelState, News
from roomtone.models.request import Recipe
from roomtone.models.service import ServiceOptions
from roomtone.models.wishes import Rank, Urgency, Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """The first message to the pool's process, said once."""

    options: Mapping[str, Any]

    @classmethod
    def of(cls, options: ServiceOptions) -> "Begin":
        """Write the options as plain values."""
        paths = {"models_dir": str(options.models_dir), "cache_dir": str(options.cache_dir)}
        return cls(options={**asdict(options), **paths})

    def service_options(self) -> ServiceOptions:
        """Read them."""
        given = dict(self.options)
        return ServiceOptions(
            models_dir=Path(given.pop("models_dir")), cache_dir=Path(given.pop("cache_dir")), **given
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """All that an owner wants; see `Pool.want`."""

    owner: str
    wishes: tuple[Mapping[str, Any], ...]
    melodies: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, owner: str, wishes: tuple[Wish, ...], melodies: Mapping[str, str]) -> "Want":
        """Write wishes as plain values."""
        return cls(owner=owner, wishes=tuple(_wish_record(wish) for wish in wishes), melodies=melodies)

    def read_wishes(self) -> tuple[Wish, ...]:
        """Read them."""
        return tuple(
            Wish(
                key=record["key"],
                recipe=Recipe.from_record(record["recipe"]),
                rank=Rank(Urgency(record["urgency"]), record["order"]),
            )
            for record in self.wishes
        )


def _wish_record(wish: Wish) -> dict[str, Any]:
    return {
        "key": wish.key,
        "recipe": wish.recipe.record(),
        "urgency": int(wish.rank.urgency),
        "order": wish.rank.order,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """How much the models leave to the game; see `Governor`."""

    max_share: float
    max_vram_gb: float | None

    @classmethod
    def of(cls, governor: Governor) -> "Leave":
        """Write a governor as plain values."""
        return cls(max_share=governor.max_share, max_vram_gb=governor.max_vram_gb)

    def governor(self) -> Governor:
        """Read it."""
        return Governor(max_share=self.max_share, max_vram_gb=self.max_vram_gb)


Order = Begin | Want | Leave

ORDERS: Final[Mapping[str, Callable[[Any], Order]]] = MappingProxyType(
    {
        "begin": lambda record: Begin(**record),
        "want": lambda record: Want(**record),
        "leave": lambda record: Leave(**record),
    }
)
NEWS: Final[Mapping[str, Callable[[Any], News]]] = MappingProxyType(
    {
        "made": lambda record: Made(**record),
        "missed": lambda record: Missed(**record),
        "busy": lambda record: Busy(keys=tuple(record["keys"]), part=record["part"]),
        "modelstate": lambda record: ModelState(**record),
    }
)
