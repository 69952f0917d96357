"""How far each term of a family is from the others, or from itself at other times, with its error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mangetamain.questions.shares import FEWEST_YEARS, LEAST
from mangetamain.questions.term_levels.cells import CONTRASTS, LEVELS, YEARS, Cells
from mangetamain.warehouse import Columns, Executes
from mangetamain.warehouse.reader.binding import listed

# A term's own variance weighs against that of all as its values do against so many: of a few ratings that are all alike
# nobody knows how far the next one will be.
BELIEVED = 200.0
# So many values tell how alike those of one cook, user or recipe are: of terms that hold at most a twentieth of them,
# or else of the rarest twenty.
LEARNED_FROM, PART = 20_000, 20
# How far a year may resemble the one before, and how often the scatter of cells is fitted with new weights.
MOST_ALIKE, ROUNDS = 0.9, 5
PRODUCTS = """, apart AS MATERIALIZED (
        SELECT code, recipe, who, pull - middle AS pull FROM pairs JOIN pulled USING (recipe)
    )"""
# Of clusters within terms, or of all terms together.
CLUSTERED = """
    SELECT {way} AS way, coalesce(sum((total * total - squares) / n), 0) AS products,
        coalesce(sum(n - 1), 0) AS free, coalesce(sum(n * (n - 1)), 0) AS pairs
    FROM (SELECT {key}, count(*)::DOUBLE AS n, sum(pull) AS total, sum(pull * pull) AS squares
        FROM apart GROUP BY {key}) AS clusters"""
KEYS = {"recipes": ("who", "code, who"), "reviews": ("who", "code, who", "code, recipe")}


@dataclass(frozen=True)
class Effects:
    """Terms, by name, their numbers of values, and effects with errors: (terms, parts of the year)."""

    term: np.ndarray
    n: np.ndarray
    value: np.ndarray
    error: np.ndarray


def levels(con: Executes, cells: Cells) -> Effects:
    """Compare the values of each term with all others of their part of a year.

    What a term's values are above the level of all, over the share of the others there, is what a regression on the
    term within the years gives.
    """
    rows = cells.family(con, "term, code, n, free, total, squares, alike", LEVELS, f"n >= {LEAST} AND free > 0")
    n, free, total = rows["n"], rows["free"], rows["total"]
    variance = _variance(n, rows["squares"] - total**2 / n, share=cells.share)
    clustered = 1 + n * _clustered(con, cells, rows, variance)
    return Effects(rows["term"], n, (total / free)[:, None], np.sqrt(variance * clustered / free)[:, None])


def lines(con: Executes, cells: Cells) -> Effects:
    """Draw a line through each term's years beside the level of all, per decade."""
    rows = cells.family(con, "term, year, n, total, squares", YEARS, f"every >= {LEAST}")
    term, place = np.unique(rows["term"], return_inverse=True)
    years, at = np.unique(rows["year"], return_inverse=True)
    n, total, squares = np.zeros((3, len(term), len(years)))
    for grid, name in ((n, "n"), (total, "total"), (squares, "squares")):
        grid[place, at] = rows[name]
    known = (n > 0).sum(axis=1) >= FEWEST_YEARS
    term, n, total, squares = term[known], n[known], total[known], squares[known]
    every = n.sum(axis=1)
    mean = np.divide(total, n, out=np.zeros(n.shape), where=n > 0)
    off = years / 10 - (n @ years / every / 10)[:, None]
    information = (n * off**2).sum(axis=1)
    pull = n * off / information[:, None]
    slope = (pull * mean).sum(axis=1)
    rest = np.where(n > 0, mean - (total.sum(axis=1) / every)[:, None] - slope[:, None] * off, 0.0)
    variance = _variance(every, (squares - total * mean).sum(axis=1), share=cells.share)
    scale = every - (n**2).sum(axis=1) / every - information * (pull**2).sum(axis=1)
    inflation, shocks = _scatter((n * rest**2).sum(axis=1), (n > 0).sum(axis=1) - 2, variance, scale)
    deviation = np.where(n > 0, np.sqrt(inflation * variance[:, None] / np.maximum(n, 1) + shocks), 0.0)
    hat = np.sqrt(n[:, 1:] * n[:, :-1]) * (1 / every[:, None] + off[:, 1:] * off[:, :-1] / information[:, None])
    borne = pull * deviation
    error = np.sqrt((borne @ _resemblance(rest, deviation, hat) ** np.abs(years[:, None] - years) * borne).sum(axis=1))
    return Effects(term, every, slope[:, None], error[:, None])


def _resemblance(rest: np.ndarray, deviation: np.ndarray, hat: np.ndarray) -> float:
    """Learn from all terms how far a year resembles the one before; by `hat` a line takes of that away."""
    pairs = (deviation[:, 1:] > 0) & (deviation[:, :-1] > 0)
    size = rest / np.where(deviation > 0, deviation, 1.0)
    alike = (size[:, 1:] * size[:, :-1] + hat)[pairs]
    return float(np.clip(alike.mean(), 0.0, MOST_ALIKE)) if len(alike) else 0.0


def contrasts(con: Executes, cells: Cells, parts: int) -> Effects:
    """Compare parts of the year of each term with the rest of the same years; of two, the last."""
    rows = cells.family(con, "term, sums.*", CONTRASTS, f"all_n >= {LEAST} AND weight > 0")
    weight, together = rows["weight"], rows["all_n"]
    apart = rows["apart"] / weight
    rest, spread = rows["apart_2"] - apart * rows["apart"], rows["weight_2"]
    variance = _variance(together, rows["all_squares"], share=cells.share)
    inflation, shocks = _scatter(rest, rows["cells"] - 1, variance, weight - spread / weight)
    term, first, place = np.unique(rows["term"], return_index=True, return_inverse=True)
    found = np.full((2, len(term), parts), np.nan)
    found[:, place, rows["part"]] = apart, np.sqrt(inflation * variance / weight + shocks * spread / weight**2)
    value, error = found[:, :, 1:] if parts == 2 else found
    known = np.isfinite(value).any(axis=1)
    return Effects(term[known], together[first][known], value[known], error[known])


def _variance(n: np.ndarray, squares: np.ndarray, *, share: bool) -> np.ndarray:
    """Give the variance of each term's values, drawn towards that of all.

    Of a share it goes with the share: a term that by luck has no low rating would seem to be known exactly. It is no
    less than that of all, by which a term that is like the others scatters.
    """
    of_all = squares.sum() / max(n.sum(), 1)
    own = (squares + BELIEVED * of_all) / (n + BELIEVED)
    return np.asarray(np.maximum(own, of_all) if share else own)


def _scatter(rest: np.ndarray, free: np.ndarray, variance: np.ndarray, scale: np.ndarray) -> tuple[float, float]:
    """Learn from all terms how much more their cells scatter than their values do.

    Gives by what the variance of a value is to be multiplied, for a cell holds several of one recipe or cook, and the
    variance of what all values of a cell share: squares of cells off what is fitted are a line in how large cells are.
    Where all values of a cell are alike there is no variance to multiply, and nothing to learn.
    """
    some = (free > 0) & (variance > 0)
    rest, weight, variance, scale = rest[some], free[some].astype(float), variance[some], scale[some]
    y, x = rest / (weight * variance), scale / (weight * variance)
    inflation, shocks = 1.0, 0.0
    for _ in range(ROUNDS if some.sum() > 2 else 0):
        w = weight / (inflation + shocks * x) ** 2
        middle = w @ x / w.sum()
        shocks = max(float((w * (x - middle)) @ y / max((w * (x - middle)) @ x, 1e-300)), 0.0)
        inflation = max(float(w @ (y - shocks * x) / w.sum()), 1.0)
    return inflation, shocks


def _clustered(con: Executes, cells: Cells, rows: Columns, variance: np.ndarray) -> np.ndarray:
    """Learn how alike values of one cook, user or recipe are, and give what of each term's variance that leaves.

    The correlation of two such values is learned from some of the terms, a cluster weighing as its values. How often
    two of a term's values are of one cook, or of one recipe, is known of each term, in all years and up to a factor; of
    one user, it is taken as the same for all. Cooks and users are those of all other terms, too: what two values of
    different terms share as often cancels in a difference.
    """
    n, alike = rows["n"], rows["alike"]
    if not len(n):
        return n
    few = np.flatnonzero(n <= max(LEARNED_FROM / PART, np.sort(n)[:PART][-1]))
    some = few[:: max(1, min(int(n[few].sum() // LEARNED_FROM), len(few) // 2))]
    sums = " UNION ALL ".join(CLUSTERED.format(way=i, key=key) for i, key in enumerate(KEYS[cells.view]))
    given = {"some": listed(rows["code"][some].tolist()), "middle": listed((rows["total"] / n)[some].tolist())}
    found = cells.ask(con, f"{cells.learned} {PRODUCTS} {sums} ORDER BY way", **given)
    products, free, pairs = (found[name].astype(float) for name in ("products", "free", "pairs"))
    correlation = np.maximum(products / np.maximum(np.average(variance[some], weights=n[some]) * free, 1e-300), 0.0)
    across = (pairs[0] - pairs[1]) / max(n[some].sum() ** 2 - (n[some] ** 2).sum(), 1.0)
    ways = [alike] if cells.view == "recipes" else [np.ones(len(n)), alike]
    shares = [pairs[i] / max((n**2 * way)[some].sum(), 1e-300) * way for i, way in enumerate(ways, 1)]
    shares[0] = np.maximum(shares[0] - across, 0.0)
    return np.asarray(sum(size * share for size, share in zip(correlation[1:], shares, strict=True)))
