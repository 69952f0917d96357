"""What is deployed: an image and a version of the warehouse, with all else that decides what readers see."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Pair:
    """What a site serves, and what it takes to start it: nothing else is asked for on the way back.

    Parameters
    ----------
    image, warehouse
        The site's image by its immutable id, and the version of the data: what the site says of itself.
    revision
        Of the code in the image.
    proxy
        The proxy's image, by its id.
    compose, settings
        The text of the compose file, and its variables as they were set.
    """

    image: str
    warehouse: str
    revision: str = ""
    proxy: str = ""
    compose: str = field(default="", repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def short(self) -> str:
        """The pair as a line may hold it."""
        return f"{self.image.removeprefix('sha256:')[:12]} {self.warehouse or '-'}"

    @property
    def door(self) -> str:
        """The proxy and the compose file, by the first digits of their digests."""
        file = hashlib.sha256(self.compose.encode()).hexdigest()
        return f"{self.proxy.removeprefix('sha256:')[:12] or '-'} {file[:12] if self.compose else '-'}"

    def same(self, other: Pair | None) -> bool:
        """Whether both are the very same image and data."""
        return other is not None and (self.image, self.warehouse) == (other.image, other.warehouse)

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Pair:
        """Read a pair from a record; raise `ValueError` where that holds anything else."""
        if not {"image", "warehouse"} <= data.keys() <= cls.__dataclass_fields__.keys():
            raise ValueError(sorted(data))
        settings = data.get("settings", {})
        texts = [value for name, value in data.items() if name != "settings"]
        if not isinstance(settings, dict) or not all(isinstance(each, str) for each in [*texts, *settings.values()]):
            raise ValueError(data)
        return cls(**data)
