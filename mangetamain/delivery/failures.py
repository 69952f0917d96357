"""The one way a delivery fails: a sentence, and exit code 1."""

from __future__ import annotations

from mangetamain.errors import UserError


class DeliveryFailed(UserError):
    """The command was well meant, and could not be done."""

    exit_code = 1
