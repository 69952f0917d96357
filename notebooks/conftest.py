"""What nbval needs to know of our notebooks."""

from __future__ import annotations

import pytest
from nbval.plugin import IPyNbCell

# A panel's text is compared, which holds a digest of its figure; its HTML and its answer as data are not.
NOT_COMPARED = ("text/html", "application/vnd.mangetamain.answer+json", "application/vnd.mangetamain.panel+json")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give slow machines time, and leave the rich forms of an output out of the comparison."""
    for item in items:
        if isinstance(item, IPyNbCell):
            item.output_timeout = 60
            item.parent.skip_compare = tuple({*item.parent.skip_compare, *NOT_COMPARED})
            item.add_marker(pytest.mark.notebook)
