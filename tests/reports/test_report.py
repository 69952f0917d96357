"""A report runs the notebook itself and stands alone."""

import json
import re

import pytest

from mangetamain.errors import BadInput, NoWarehouse
from mangetamain.reports import report
from mangetamain.reports.report import ReportFailed
from mangetamain.themes import theme


@pytest.fixture(scope="module", autouse=True)
def home(tiny_home):
    """The ten recipes' data folder, for this process and for the kernels it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MANGETAMAIN_DATA", str(tiny_home))
        yield tiny_home


@pytest.fixture(scope="module")
def made(home, tmp_path_factory):
    """A French report on two years, with the steps it told of."""
    steps = []
    done = report(
        theme("trends"),
        {"years": "2005-2006", "lang": "fr"},
        to=tmp_path_factory.mktemp("reports"),
        progress=lambda done, total: steps.append((done, total)),
    )
    return done, steps


@pytest.mark.notebook
def test_a_report_is_one_page_and_one_notebook(made):
    done, steps = made
    assert [path.name for path in sorted(done.html.parent.iterdir())] == [
        "trends_lang-fr_years-2005-2006.html",
        "trends_lang-fr_years-2005-2006.ipynb",
    ]
    assert steps[-1][0] <= steps[-1][1]
    assert len(steps) >= len(theme("trends").asked)


@pytest.mark.notebook
def test_the_page_stands_alone(made):
    html = re.sub(r"<script>.*?</script>", "", made[0].html.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r'(src|href)="(https?:)?//', html)
    assert not re.search(r"url\((?!data:|#)", html)
    assert html.count('class="mm-figure"') == len(theme("trends").asked)
    assert made[0].html.stat().st_size < 3_000_000


@pytest.mark.notebook
def test_the_page_speaks_its_language_and_says_where_it_comes_from(made):
    html = made[0].html.read_text("utf-8")
    assert "<h1>Tendances</h1>" in re.sub(r' id="[^"]*"|<a class="anchor.*?</a>', "", html)
    assert "How recipes changed from year to year" not in html
    for part in ("years = 2005-2006", "lang = fr"):
        assert part in html
    notebook = json.loads(made[0].notebook.read_text("utf-8"))
    about = notebook["metadata"]["mangetamain"]
    assert about["fingerprint"] in html
    assert about["parameters"] == {"lang": "fr", "years": "2005-2006"}
    assert about["synthetic"] is False


@pytest.mark.notebook
def test_the_executed_notebook_holds_what_was_asked(made):
    notebook = json.loads(made[0].notebook.read_text("utf-8"))
    sources = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert any('years = "2005-2006"' in source for source in sources)
    texts = [output["data"]["text/plain"] for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert any("2005" in "".join(text) for text in texts)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"year": "2005"}, "did you mean years"),
        ({"years": "2006-2005"}, "did you mean 2005-2006"),
        ({"lang": 3}, "en, fr"),
    ],
)
def test_mistakes_are_told_before_a_kernel_starts(given, said, tmp_path, monkeypatch):
    import papermill

    monkeypatch.setattr(papermill, "execute_notebook", lambda *_, **__: pytest.fail("a kernel was started"))
    with pytest.raises(BadInput, match=said):
        report(theme("trends"), given, to=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_without_a_warehouse_no_report_is_begun(tmp_path, monkeypatch):
    monkeypatch.setenv("MANGETAMAIN_DATA", str(tmp_path))
    with pytest.raises(NoWarehouse):
        report(theme("trends"), {}, to=tmp_path / "out")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReportFailed, match="cannot be written"):
        report(theme("trends"), {}, to=tmp_path / "file" / "out")


@pytest.mark.notebook
def test_a_failing_cell_is_one_sentence_and_leaves_nothing(tmp_path):
    broken = theme("trends")
    copy = tmp_path / "trends.ipynb"
    copy.write_text(broken.path.read_text("utf-8").replace("mm.panel(mm.volume, con,", "mm.panel(mm.volume, 1 / 0,"))
    with pytest.raises(ReportFailed, match="ZeroDivisionError"):
        report(type(broken)("trends", copy), {}, to=tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
