"""Who a reader is to Jupyter's parts: nobody in particular, so that no cookie has to tell one from another."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User


class Anyone(IdentityProvider):
    """Takes everybody for the same reader, without a cookie; who may come in at all is the guard's to say."""

    def get_user(self, handler: Any) -> User:  # noqa: ANN401 - Jupyter's own
        """Return the one reader."""
        return User("reader")

    def get_handlers(self) -> list[tuple[str, object]]:
        """Return no pages to log in or out: there is nothing to log in to."""
        return []
