"""Which kernels run the notebooks: those of this very Python, whatever a user's folders or the working folder hold."""

from __future__ import annotations

import os
from typing import Any

from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import Dict

# The folder one works in comes last, so that a random.py or mangetamain.py there hides no module of that name.
FOLDER_LAST = "--IPKernelApp.exec_lines=__import__('sys').path.append('')"


class OwnKernels(KernelSpecManager):
    """Kernels as Jupyter finds them, but `python3` is always this process's own Python."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Return where each kernel is described; a stale description of `python3` is passed over."""
        specs: dict[str, str] = super().find_kernel_specs()
        return {**specs, NATIVE_KERNEL_NAME: RESOURCES}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return how a kernel is started."""
        if kernel_name.lower() != NATIVE_KERNEL_NAME:
            return super().get_kernel_spec(kernel_name)
        start = get_kernel_dict(python_arguments=["-P"], extra_arguments=[FOLDER_LAST])
        return self.kernel_spec_class(resource_dir=RESOURCES, **start)


class OwnKernel(AsyncKernelManager):
    """A kernel of our own, for whoever starts one without a server; it can be told more than our environment says."""

    variables = Dict(help="Environment variables that the kernel gets besides ours.").tag(config=True)

    def _kernel_spec_manager_default(self) -> Any:  # noqa: ANN401 - as its own base does
        return OwnKernels(parent=self)

    async def start_kernel(self, **words: Any) -> None:  # type: ignore[override]  # noqa: ANN401 - as its own base does
        """Start it, with its variables."""
        await super().start_kernel(**words, env={**os.environ, **self.variables})
