"""A run's kernel, which has environment variables of its own."""

from __future__ import annotations

import os
from typing import Any

from traitlets import Dict

from mangetamain.kernels import OwnKernel


class Kernel(OwnKernel):
    """A kernel that is told more than this process's environment says."""

    variables = Dict(help="Environment variables that the kernel gets besides ours.").tag(config=True)

    async def start_kernel(self, **words: Any) -> None:  # type: ignore[override]  # noqa: ANN401 - as its own base does
        """Start it, with its variables."""
        await super().start_kernel(**words, env={**os.environ, **self.variables})
