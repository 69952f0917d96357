"""Texts from elsewhere are made fit to be shown: visible, without secrets, and not endless."""

import json
import time

import pytest

from mangetamain.errors import BadSource
from mangetamain.language import Listing, say
from mangetamain.safe_text import VALUE_CHARACTERS, json_text, redacted, shortened, shown, unbroken, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("crème fraîche ﬁ 🍳 ½", "crème fraîche ﬁ 🍳 ½"),
        ("12\u202f% d\u00a0eau", "12\u202f% d\u00a0eau"),  # our own narrow blanks stay
        ("\x1b]0;pwned\x07", "\\x1b]0;pwned\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\u202etxt\u2066.\u200b", "\\u202etxt\\u2066.\\u200b"),
        ("line\u2028end", "line\\u2028end"),
        ("\U000e0041", "\\U000e0041"),
        ("name\udcff", "name\\udcff"),  # a file name that is no UTF-8
    ],
)
def test_what_is_obeyed_or_hidden_is_written_out(text, seen):
    assert visible(text) == seen
    assert visible(visible(text)) == seen


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://user:pw@host/a.zip", "https://...@host/a.zip"),
        ("http://ghp_abc@host", "http://...@host"),
        ("s3://AKIA:ab/c+d=@bucket/prefix", "s3://...@bucket/prefix"),
        ("user:pw@host:8866", "...@host:8866"),
        ("https://b.s3.example/a.zip?X-Amz-Credential=A&X-Amz-Signature=f00", "https://b.s3.example/a.zip?..."),
        ("https://x.blob.example/c?sv=1&sig=f00%3D", "https://x.blob.example/c?..."),
        ("--token=s3cret", "--token=..."),
        ("'aws_secret_access_key': 'abc'", "'aws_secret_access_key': '...'"),
        ("sig=abc", "sig=..."),
        ("Authorization: Bearer abc", "Authorization: ..."),
        # No secrets.
        ("registry:5000/app:1@sha256:ab", "registry:5000/app:1@sha256:ab"),
        ("app:latest@sha256:ab", "app:latest@sha256:ab"),
        ("what?/RAW_recipes.csv", "what?/RAW_recipes.csv"),
        ("s3://bucket/a@b/c", "s3://bucket/a@b/c"),
        ("you@host, 12:30", "you@host, 12:30"),
        ("design: a token of thanks", "design: a token of thanks"),
    ],
)
def test_secrets_are_hidden_and_nothing_else(text, kept):
    assert redacted(text) == kept


def test_long_values_are_cut_in_the_middle():
    assert shortened("x" * VALUE_CHARACTERS) == "x" * VALUE_CHARACTERS
    cut = shortened("a" * 5000 + "b" * 5000)
    assert len(cut) == VALUE_CHARACTERS
    assert (cut[0], cut[-1], cut.count("…")) == ("a", "b", 1)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_value_is_formatted_twice_nor_reaches_a_sentence_raw(lang):
    value = "{source} {{7*7}} %(x)s {} \x1b[31m\n\u202e https://u:p@h"
    inner = say("the first is {source}", source=value)
    told = say("{one} and {all}", one=inner, all=Listing((value, "b", inner))).render(lang)
    assert told.count("{source} {{7*7}} %(x)s {} \\x1b[31m\\n\\u202e https://...@h") == 3
    assert len(say("{x}", x="y" * 10_000).render(lang)) == VALUE_CHARACTERS
    assert str(BadSource("{file} is none", file="a\x1bb")) == "a\\x1bb is none"


def test_json_for_people_is_the_same_data():
    data = {"name": "\u202ecrème\x9b\x1b\n\U000e0041", "rows": [1, None]}
    text = json_text(data, indent=2)
    assert json.loads(text) == data
    assert "crème" in text
    assert visible(text, keep="\n") == text


@pytest.mark.parametrize(
    "text", ["://", "://a:", "a:", "('a:", "x-", "a.", "token=", "?", "a://b?", "a://", "@", "a:b@"]
)
def test_redaction_takes_time_in_proportion(text):
    def work(size):
        began = time.process_time()
        shown(text * size)
        return time.process_time() - began

    small = max(work(2_500), 0.001)
    assert min(work(20_000) for _ in range(2)) < 40 * small  # squared, it would be 64 times


def test_short_french_words_stay_on_one_line_and_names_as_they_are():
    kept = "Peut\u2011être qu’est\u2011ce un week\u2011end\u202f?"
    assert unbroken("Peut-être qu’est-ce un week-end\u202f?") == kept
    assert unbroken("compte-t-il, vont-elles") == "compte\u2011t\u2011il, vont\u2011elles"
    assert unbroken("« 30-minutes-or-less » et « low-fat »") == "« 30-minutes-or-less » et « low-fat »"
