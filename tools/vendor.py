"""Refresh the fonts and scripts that the site serves itself: fetch the pinned npm packages, check, unpack."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PINS = ROOT / "tools" / "vendored.toml"


def tarball(package: str, version: str, sha256: str, folder: Path) -> Path:
    """Return the package's tarball, from `folder` if it is there already, else by ``npm pack``."""
    name = f"{package.lstrip('@').replace('/', '-')}-{version}.tgz"
    path = folder / name
    if not path.is_file():
        npm = shutil.which("npm")
        if npm is None:
            sys.exit("npm is needed to fetch the vendored packages; it is not on the PATH.")
        subprocess.run([npm, "pack", "--silent", f"{package}@{version}"], cwd=folder, check=True)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        sys.exit(f"{name} has sha256 {found}, but {PINS.name} says {sha256}: nothing was changed.")
    return path


def unpack(path: Path, files: dict[str, str]) -> None:
    """Copy files out of a tarball; keys are paths in the package, values paths in the repository."""
    with tarfile.open(path) as archive:
        for source, target in files.items():
            member = archive.extractfile(f"package/{source}")
            if member is None:
                sys.exit(f"{path.name} holds no {source}: nothing more was changed.")
            content = member.read()
            destination = ROOT / target
            destination.parent.mkdir(parents=True, exist_ok=True)
            destination.write_bytes(content)
            print(f"{target}: {len(content):,} bytes")


def main(folder: Path | None) -> None:
    """Refresh everything, from tarballs in `folder` where given."""
    pins = tomllib.loads(PINS.read_text("utf-8"))["package"]
    with tempfile.TemporaryDirectory() as scratch:
        home = folder or Path(scratch)
        tarballs = [tarball(pin["name"], pin["version"], pin["sha256"], home) for pin in pins]
        for pin, path in zip(pins, tarballs, strict=True):
            unpack(path, pin["files"])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
