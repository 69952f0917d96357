"""The questions, by name; one file each."""

from mangetamain.answers.answer import Answer
from mangetamain.errors import BadInput, suggestion
from mangetamain.language import N_, Message, quoted, say
from mangetamain.listing import lists
from mangetamain.questions.contrast import contrast
from mangetamain.questions.cycle import cycle
from mangetamain.questions.distribution import distribution
from mangetamain.questions.diversity import diversity
from mangetamain.questions.headline import headline
from mangetamain.questions.level import level
from mangetamain.questions.profile import profile
from mangetamain.questions.question import Question
from mangetamain.questions.relation import relation
from mangetamain.questions.term_changes import term_changes
from mangetamain.questions.term_contrast import term_contrast
from mangetamain.questions.term_curve import term_curve
from mangetamain.questions.term_levels import term_levels
from mangetamain.questions.terms import terms
from mangetamain.questions.volume import volume
from mangetamain.warehouse import Warehouse

ASKED = (
    profile, volume, level, terms, term_changes, term_curve, term_contrast, term_levels, diversity, distribution,
    contrast, cycle, relation,
)  # fmt: skip
Question.plainly = headline
QUESTIONS: dict[str, Question] = {question.name: question for question in ASKED}

__all__ = [
    "QUESTIONS",
    "Answer",
    "Question",
    "contrast",
    "cycle",
    "distribution",
    "diversity",
    "headlines",
    "level",
    "profile",
    "question",
    "relation",
    "term_changes",
    "term_contrast",
    "term_curve",
    "term_levels",
    "terms",
    "volume",
]


lists(__name__, QUESTIONS, lambda each: {"asks": each.title, "parameters": ", ".join(each.parameters)})


def question(name: str) -> Question:
    """Return one question by name; raise `BadInput` for a name that is none."""
    if name in QUESTIONS:
        return QUESTIONS[name]
    raise BadInput(
        "There is no question {name}: the questions are {known}{hint}",
        name=quoted(name), known=", ".join(QUESTIONS), hint=suggestion(name, QUESTIONS),
    )  # fmt: skip


# What a verdict replies to "simpler?", by whether the change goes that way.
REPLIES: dict[tuple[str, bool], str] = {
    ("clear", True): N_("Yes"),
    ("clear", False): N_("No, the opposite"),
    ("real", True): N_("Yes, perhaps a little"),
    ("real", False): N_("No, perhaps a little the opposite"),
    ("negligible", True): N_("No, it hardly changed"),
    ("negligible", False): N_("No, it hardly changed"),
}
OPEN, FEW = N_("The data do not settle it"), N_("Too few data to say")


def headlines(con: Warehouse) -> list[tuple[Message, Answer]]:
    """Answer the main question in three: did home cooking become simpler, lighter, better liked?

    Returns
    -------
    list of (Message, Answer)
        The part of the question with its reply, and the answer that the reply rests on.
    """
    asked = (
        (N_("Simpler?"), -1, level(con, of="complexity")),
        (N_("Lighter?"), -1, level(con, of="calories")),
        (N_("Better liked?"), 1, level(con, of="rating", by="month")),
    )
    found = []
    for part, way, answer in asked:
        change = getattr(answer.finding, "change", None)
        reply = REPLIES.get((answer.verdict or "", change.value * way > 0), OPEN) if change else FEW
        found.append((say("{asked} {reply}", asked=say(part), reply=say(reply)), answer))
    return found
