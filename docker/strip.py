"""Leave out of an environment what nothing here reads, a third of its size; the container tests hold that all works."""

import shutil
import sys
from pathlib import Path

# What a build from S3 asks: the store itself, and who gives the credentials for it.
SERVICES = {"s3", "sso", "sso-oidc", "sts"}
LANGUAGES = {"en", "fr", "root"}


def unread(packages: Path) -> list[Path]:
    """List the files and folders that may go."""
    tests = [path for path in packages.rglob("tests") if path.is_dir()]
    clouds = [path for path in (packages / "botocore/data").iterdir() if path.is_dir() and path.name not in SERVICES]
    languages = [path for path in packages.glob("babel/locale-data/*.dat") if path.stem.split("_")[0] not in LANGUAGES]
    # What browsers get of JupyterLab and Voilà: the site serves files of its own alone.
    share = packages.parents[2] / "share/jupyter"
    pages = [share / "labextensions", share / "nbextensions", *share.glob("voila/templates/*/static")]
    bundles = [packages / name for name in ("plotly/labextension", "widgetsnbextension/static", "voila/labextensions")]
    # Types for completing code as it is typed.
    return [*tests, *clouds, *languages, *pages, *bundles, packages / "jedi/third_party"]


if __name__ == "__main__":
    for path in unread(next(Path(sys.argv[1]).glob("lib/python3*/site-packages"))):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
