"""A plan is checked whole before anything runs, and a mistake is told with its line."""

import sys

import pytest

from mangetamain.errors import BadInput
from mangetamain.reports import BadPlan, from_file, from_words, run_of
from mangetamain.reports.plan import plan
from mangetamain.themes import theme, themes
from tests.conftest import ROOT


def write(tmp_path, text):
    (tmp_path / "plan.yaml").write_text(text)
    return tmp_path / "plan.yaml"


def test_a_grid_is_every_combination_in_order(tmp_path):
    runs = from_file(
        write(
            tmp_path,
            """
            runs:
              - notebook: trends
                grid: {lang: [en, fr], years: [1999-2018, 2000-2010]}
              - notebook: ratings
                parameters: {source: train, years: 2005}
            """,
        )
    )
    assert [run.name for run in runs] == [
        "trends",
        "trends_years-2000-2010",
        "trends_lang-fr",
        "trends_lang-fr_years-2000-2010",
        "ratings_source-train_years-2005-2005",
    ]
    assert runs[-1].parameters == {"lang": "en", "years": "2005-2005", "source": "train", "among": "", "against": ""}


def test_words_name_notebooks_that_share_parameters():
    runs = from_words(["trends", "ratings"], {"lang": "fr"})
    assert [(run.theme.name, run.parameters["lang"]) for run in runs] == [("trends", "fr"), ("ratings", "fr")]
    chosen = from_words(["trends", "ratings"], {"among": "Easy , minutes <= 30"})
    assert [run.given for run in chosen] == [{"among": "easy, minutes<=30"}] * 2


def test_a_run_is_known_by_what_differs_from_its_notebook():
    assert run_of(theme("trends"), {"years": "1999-2018"}).name == "trends"
    assert run_of(theme("ratings"), {"source": "train"}).name == "ratings_source-train"


TRENDS = "runs:\n  - notebook: trends\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "it is empty"),
        ("runs: [", 1, "it is not YAML"),
        ("- a\n- b", 1, "expected names and values (runs)"),
        ("runz: []", 1, "there is no 'runz' here: expected runs; did you mean runs?"),
        ("runs: 3", 1, "runs must be a list"),
        ("runs: []", 1, "the list of runs is empty"),
        ("runs:\n  - grid: {lang: [en]}", 2, "a run needs a notebook"),
        (
            "runs:\n  - notebook: trend",
            2,
            "There is no notebook 'trend': the notebooks are trends, seasons, week, ratings",
        ),
        (
            TRENDS + "    grid:\n      yers: [2005]",
            4,
            "there is no 'yers' here: expected lang, years, among, against; did you mean years?",
        ),
        (TRENDS + "    grid:\n      lang: [en, de]", 4, "lang cannot be 'de': expected one of en, fr"),
        (TRENDS + "    grid:\n      years: [2010-2000]", 4, "did you mean 2000-2010?"),
        (TRENDS + "    grid: {years: []}", 3, "the list of years is empty"),
        (TRENDS + "    grid: {years: 2005}", 3, "years must be a list"),
        (TRENDS + "    parameters: {years: [2005]}", 3, "expected one value, not a list or names"),
        (TRENDS + "    grid: {lang: [en, en]}", 2, "the run trends stands already on line 2"),
        (TRENDS + "  - notebook: trends\n    parameters: {lang: en}", 3, "the run trends stands already on line 2"),
        (TRENDS + "    parameters: {lang: en}\n    grid: {lang: [fr]}", 2, "both a parameter and in the grid"),
        (TRENDS + "    notebook: ratings", 3, "notebook stands twice"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_what_was_expected(tmp_path, text, line, said):
    file = write(tmp_path, text)
    with pytest.raises(BadPlan) as mistake:
        from_file(file)
    assert str(mistake.value).startswith(f"{file}, line {line}: ")
    assert said in str(mistake.value)


def test_a_plan_that_is_not_there_or_not_text_is_named(tmp_path):
    with pytest.raises(BadPlan, match=r"none\.yaml cannot be read: No such file"):
        from_file(tmp_path / "none.yaml")
    (tmp_path / "odd.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadPlan, match=r"odd\.yaml cannot be read: it is not text"):
        from_file(tmp_path / "odd.yaml")


def test_a_bomb_of_combinations_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules["mangetamain.reports.plan"], "MOST_RUNS", 5)
    with pytest.raises(BadPlan, match="6 runs are more than the 5 of one plan"):
        from_file(write(tmp_path, TRENDS + "    grid: {lang: [en, fr], years: [2001, 2002, 2003]}"))


def test_aliases_do_not_multiply(tmp_path):
    text = "a: &a [x]\nruns: [*a]"
    with pytest.raises(BadPlan, match="there is no 'a' here"):
        from_file(write(tmp_path, text))


def test_words_and_a_file_do_not_mix(tmp_path):
    file = write(tmp_path, "runs:\n  - notebook: trends")
    assert len(plan([], {}, file)) == 1
    with pytest.raises(BadInput, match="give --grid alone"):
        plan(["trends"], {}, file)
    with pytest.raises(BadInput, match=r"Name a notebook \(trends, seasons, week, ratings\)"):
        plan([], {}, None)
    with pytest.raises(BadInput, match="trends is named twice"):
        plan(["trends", "trends"], {}, None)


def test_the_plan_of_the_docs_is_one():
    assert len(from_file(ROOT / "docs" / "plan.yaml")) == 11


def test_the_workflow_runs_the_plan_of_the_docs_and_keeps_what_was_made_whatever_failed():
    import yaml

    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "reports.yml").read_text("utf-8"))
    steps = workflow["jobs"]["refresh"]["steps"]
    names = [step.get("uses", step.get("run", "")).partition("@")[0] for step in steps]
    (made,) = (place for place, name in enumerate(names) if "report --grid docs/plan.yaml" in name)
    assert workflow["permissions"] == {"contents": "read"}
    assert names[made + 1 :] == [
        ".venv/bin/mangetamain report prune --keep 10", "actions/cache/save", "actions/upload-artifact",
    ]  # fmt: skip
    assert {step["if"] for step in steps[made + 1 :]} == {"always()"}


def test_the_cron_line_finds_its_command():
    text = (ROOT / "docs" / "reports.md").read_text("utf-8")
    (line,) = (line for line in text.splitlines() if line.strip().startswith("0 4 * * 1"))
    assert line.count("mangetamain ") == line.count(" .venv/bin/mangetamain ") + line.count("/srv/mangetamain ") == 3


def test_the_benchmark_samples_each_notebook():
    from benchmarks.reports import runs_of, sample_of

    for count, each in ((20, 2), (8, 2), (4, 5)):
        sampled = [run.theme.name for run in sample_of(runs_of(count), each)]
        assert {sampled.count(name) for name in themes()} == {min(each, count // 4)}
