"""The page's address: it carries the language and the parameters, and restores them."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets


class Address(anywidget.AnyWidget):
    """Reads and writes the address of a page of the site; works without being displayed, silent elsewhere.

    ``search`` and ``language`` come from the browser once it is there, and `language` again when the reader
    presses the language button. ``query`` and ``lang`` go to the browser: the new address and what is now spoken.
    """

    # Voilà (0.5.13) cannot say the address: in a kernel that was started ahead QUERY_STRING is absent, and
    # VOILA_REQUEST_URL is that of the visitor before.
    _esm = Path(__file__).with_name("address.js")
    # None until a browser has said, so that an empty address is news too.
    search = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    language = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    query = traitlets.Unicode("").tag(sync=True)
    lang = traitlets.Unicode("").tag(sync=True)

    def __repr__(self) -> str:
        """Say the same in every run: a notebook's stored output is compared."""
        return "Address()"
