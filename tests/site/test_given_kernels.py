"""A kernel that is given to a reader lives until she has had time to come, however long it had waited for her."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from mangetamain.site.notebook import Kernels

IDLE = 120  # seconds, as the site has it


class Manager:
    """One kernel that waited for ten minutes, and Jupyter's own sweep over it."""

    cull_idle_timeout, cull_busy, cull_connected = IDLE, True, False
    log = logging.getLogger(__name__)

    def __init__(self):
        since = datetime.now(UTC) - timedelta(minutes=10)
        spec = SimpleNamespace(metadata={})
        waited = {"last_activity": since, "kernel_spec": spec, "kernel_name": "python3", "execution_state": "idle"}
        self._kernels, self._kernel_connections = {"one": SimpleNamespace(**waited)}, {}

    def get_kernel(self, name):
        return self._kernels[name]

    async def get_rendered_notebook(self, **_):
        return None, [], "one"

    async def shutdown_kernel(self, name):
        del self._kernels[name]

    def sweep(self):
        asyncio.run(AsyncMappingKernelManager.cull_kernel_if_idle(self, "one"))
        return list(self._kernels)


@pytest.fixture
def manager():
    return Manager()


def test_a_kernel_that_nobody_comes_for_is_swept(manager):
    assert manager.sweep() == []


def test_a_kernel_that_was_given_out_just_now_is_not(manager):
    asyncio.run(Kernels(manager, given := []).get_rendered_notebook())
    assert given == ["one"]
    assert manager.sweep() == ["one"]


def test_it_is_swept_when_its_reader_does_not_come(manager):
    asyncio.run(Kernels(manager, []).get_rendered_notebook())
    manager.get_kernel("one").last_activity -= timedelta(seconds=IDLE + 1)
    assert manager.sweep() == []
