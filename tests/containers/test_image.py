"""The image itself: what it is made of, what it is labelled, what it must not hold."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from mangetamain import __version__
from tests.containers.stack import ROOT, docker

MOST = 580_000_000
# What a machine that builds has and nobody else may read.
PRIVATE = (
    b"-----BEGIN OPENSSH PRIVATE KEY",
    b"-----BEGIN RSA PRIVATE KEY",
    b"x-access-token:",
)


@pytest.fixture(scope="module")
def config(image):
    return json.loads(docker("inspect", image))[0]["Config"]


def run(image, *words, check=True):
    return docker("run", "--rm", "--network", "none", "--read-only", "--tmpfs", "/tmp", image, *words, check=check)


def test_it_is_small(image):
    assert json.loads(docker("inspect", image))[0]["Size"] <= MOST


def test_it_says_what_it_is(config, revision):
    labels = config["Labels"]
    assert labels["org.opencontainers.image.version"] == __version__
    assert labels["org.opencontainers.image.revision"] == revision
    assert labels["org.opencontainers.image.title"] == "Mangetamain"
    assert f"MANGETAMAIN_REVISION={revision}" in config["Env"]


def test_it_runs_as_nobody_in_particular_and_is_told_to_stop_by_a_signal(config):
    assert config["User"] == "10001:10001"
    assert config["StopSignal"] == "SIGTERM"
    assert config["Cmd"][:2] == ["mangetamain", "serve"]  # exec form: the signal reaches the server, not a shell
    assert not config["Entrypoint"]


def test_it_holds_the_wheel_and_no_checkout(image):
    code = "import mangetamain, mangetamain.themes as t; print(mangetamain.__file__, *t.folder().iterdir(), sep='\\n')"
    package, *files = run(image, "python", "-c", code).split()
    assert "/site-packages/mangetamain/" in package
    assert {"trends.ipynb", "ratings.ipynb", "conftest.py"} <= {Path(file).name for file in files}
    run(image, "ls", "/app/share/jupyter/voila/templates/mangetamain/index.html.j2")
    names = [word for name in (".git", ".venv", ".data", "tests") for word in ("-o", "-name", name)][1:]
    assert run(image, "find", "/app", "(", *names, ")") == ""


def test_nothing_is_installed_that_a_server_does_not_need(image):
    installed = run(image, "python", "-c", "from importlib.metadata import distributions as d;"
                    "print(*(each.name.lower() for each in d()))").split()  # fmt: skip
    assert {"voila", "papermill", "boto3", "nbval", "mangetamain"} <= set(installed)
    assert not {"jupyterlab", "pip", "uv", "hatchling", "playwright", "mypy"} & set(installed)


def test_what_was_stripped_is_not_missed(image):
    names = (
        "babel, boto3, duckdb, IPython, jedi, nbval, pandas, papermill, plotly.graph_objects, scipy.stats, voila.app"
    )
    code = f"import {names}; boto3.client('s3', region_name='us-east-1'); babel.Locale('fr').number_symbols"
    run(image, "python", "-c", code)


SPOIL = """
import json
from pathlib import Path
path = Path('/tmp/nbval/notebooks/ratings.ipynb')
notebook = json.loads(path.read_text())
[output['data'].update({'text/plain': ['spoilt']}) for cell in notebook['cells'] for output in cell.get('outputs', [])]
path.write_text(json.dumps(notebook))
"""


def test_a_notebook_that_says_otherwise_does_not_pass(image):
    """That all of them pass as they are is what the first deploy to prod shows, see `test_deploy`."""
    copied = "mkdir /tmp/nbval; cp -R \"$(python -c 'import mangetamain.themes as t; print(t.folder())')\" /tmp/nbval/"
    script = f'{copied}notebooks; python -c "{SPOIL}"; mangetamain-nbval -x'
    spoilt = run(image, "sh", "-c", script, check=False)
    assert "1 failed" in spoilt
    assert "spoilt" in spoilt


def test_a_site_runs_without_any_network(image):
    """Nothing is fetched at start or ever: it makes its data, serves and proves a page with the loopback alone."""
    serve = "mangetamain build sample:2000 >/dev/null && exec mangetamain serve"
    homes = ["-e", "MANGETAMAIN_DATA=/tmp/data", "-e", "MANGETAMAIN_STATE=/tmp/data"]
    closed = ["--network", "none", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--init"]
    name = docker("run", "-d", *closed, *homes, image, "sh", "-c", serve).strip()
    wait = "for i in $(seq 90); do mangetamain-health && exit 0; sleep 1; done; exit 1"
    try:
        assert "200 ready" in docker("exec", name, "sh", "-c", wait)
    finally:
        docker("rm", "-f", name)


def test_no_layer_holds_a_secret(image, tmp_path):
    history = docker("history", "--no-trunc", image)
    assert not any(word in history.lower() for word in ("password", "secret", "token"))
    saved = tmp_path / "image.tar"
    docker("save", "-o", str(saved), image)
    with tarfile.open(saved) as outer:
        layers = [outer.extractfile(member).read() for member in outer if member.isfile() and member.size > 1000]
    seen = 0
    for layer in layers:
        if not tarfile.is_tarfile(io.BytesIO(layer)):
            continue
        with tarfile.open(fileobj=io.BytesIO(layer)) as inner:
            for member in inner:
                seen += 1
                assert not member.name.endswith((".env", ".netrc", ".pypirc", "id_rsa", "credentials")), member.name
                if member.isfile() and member.size < 5_000_000 and "/site-packages/botocore" not in member.name:
                    content = inner.extractfile(member).read()
                    assert not any(word in content for word in PRIVATE), member.name
    assert seen > 5000


def test_what_git_does_not_know_stays_out_of_the_context():
    kept = {line for line in (ROOT / "docker" / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"}
    assert kept == {"!mangetamain", "!notebooks", "!docker", "!pyproject.toml", "!README.md", "!LICENSE"}
