"""Which code, image and environment this is: what a site, its containers and who deploys it call the same."""

from __future__ import annotations

import os
from pathlib import Path

from mangetamain import __version__

PACKAGE = Path(__file__).parent

# The environments that are deployed to; whatever else ``APP_ENV`` names is somebody's own machine or a trial.
DEPLOYED = ("preprod", "prod")
SITE_PORT = 8866
# Where a site says how it is, below its own path; docker/mangetamain-health asks for the second.
HEALTH, READY = "health", "ready"
# The variables of a site's container that others read, too.
ENVIRONMENT_VARIABLE = "APP_ENV"
REVISION_VARIABLE = "MANGETAMAIN_REVISION"
IMAGE_VARIABLE = "MANGETAMAIN_IMAGE"
BASE_URL_VARIABLE = "MANGETAMAIN_BASE_URL"
DOCS_VARIABLE = "MANGETAMAIN_DOCS"  # where the documentation is, with a slash at the end; nowhere without it
TOKEN_FILE_VARIABLE = "MANGETAMAIN_TOKEN_FILE"  # noqa: S105 - a name


def environment() -> str:
    """Say where this runs: LOCAL unless ``APP_ENV`` names another place."""
    return _variable(ENVIRONMENT_VARIABLE).upper() or "LOCAL"


def identity() -> dict[str, str]:
    """Return what tells one site from another: environment, version, revision of the code, digest of the image."""
    return {
        "environment": environment(),
        "version": __version__,
        "revision": _variable(REVISION_VARIABLE),
        "image": _variable(IMAGE_VARIABLE),
    }


def _variable(name: str) -> str:
    return os.environ.get(name, "").strip()
