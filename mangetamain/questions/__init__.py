"""The questions, by name; one file each."""

from mangetamain.language import N_
from mangetamain.questions.answer import Answer
from mangetamain.questions.diversity import diversity
from mangetamain.questions.level import level
from mangetamain.questions.question import Question
from mangetamain.questions.rating_contrast import rating_contrast
from mangetamain.questions.rating_distribution import rating_distribution
from mangetamain.questions.rating_level import rating_level
from mangetamain.questions.rating_volume import rating_volume
from mangetamain.questions.term_changes import term_changes
from mangetamain.questions.term_curve import term_curve
from mangetamain.questions.terms import terms
from mangetamain.questions.volume import volume
from mangetamain.warehouse import Warehouse

QUESTIONS: dict[str, Question] = {
    question.name: question
    for question in (
        volume,
        level,
        terms,
        term_changes,
        term_curve,
        diversity,
        rating_distribution,
        rating_level,
        rating_contrast,
        rating_volume,
    )
}

__all__ = [
    "QUESTIONS",
    "Answer",
    "Question",
    "diversity",
    "headlines",
    "level",
    "rating_contrast",
    "rating_distribution",
    "rating_level",
    "rating_volume",
    "term_changes",
    "term_curve",
    "terms",
    "volume",
]


def headlines(con: Warehouse) -> list[tuple[str, Answer]]:
    """Answer the main question in three: did home cooking become simpler, lighter, better liked?"""
    return [
        (N_("Simpler?"), level(con, of="complexity")),
        (N_("Lighter?"), level(con, of="calories")),
        (N_("Better liked?"), rating_level(con)),
    ]
