"""What each table and column holds, as DuckDB's own comments: its meaning, its unit in brackets; and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mangetamain.language import N_
from mangetamain.warehouse import sql
from mangetamain.warehouse.tables.centres import ANY, MADE
from mangetamain.warehouse.tables.raw_comments import RAW_COLUMNS, RAW_TABLES

if TYPE_CHECKING:
    import duckdb

TABLES: dict[str, str] = {
    "recipes": N_("Recipes that the cleaning kept, in the order of their day; from RAW_recipes"),
    "reviews": N_("Reviews that the cleaning kept, of all and again of the training split; from RAW_interactions"),
    "repeated_reviews": N_("Who rated a recipe more than once, of each source; from reviews"),
    "term_codes": N_("A number for each ingredient and tag, in their order by name; from vocabulary"),
    "recipe_terms": N_("Which recipe holds which ingredient and tag, each once; from RAW_recipes"),
    "days": N_("Each day from the first to the last one with a recipe or a review: the days of exposure"),
    "vocabulary": N_("Spellings of ingredients and tags, and the term that each counts as; from RAW_recipes"),
    "cube_recipes": N_("Each measure of the recipes by day: number, sum and sum of squares; from recipes"),
    "cube_ratings": N_("Number of reviews by source, day and rating; from reviews"),
    "cube_centres": N_(
        "Centres of each measure in each period, and what their errors are made of; from recipes and reviews"
    ),
    "cube_clusters": N_("How ratings of a user, a recipe or a pair of both hang together, by two years; from reviews"),
    "cube_terms": N_("Number of recipes that hold a term, by month; from recipe_terms"),
    "cube_term_years": N_("Number of recipes that hold a term, by year; from recipe_terms"),
    "cube_recipe_ratings": N_("Number of reviews of each recipe by source, year and stars; from reviews"),
    "cube_term_ratings": N_("Ratings of the recipes that hold a term, by year, season and weekend; from reviews"),
    "cube_term_year_ratings": N_("The same by year alone; from cube_term_ratings"),
    "cube_term_clusters": N_("How many recipes of a term share a cook, and ratings a recipe; from recipe_terms"),
    "cube_spellings": N_("Occurrences of each spelling by year, cut as the published analysis did; from RAW_recipes"),
    "cube_variety": N_("How much of a year's different terms hangs on each cook, summed over cooks; from recipe_terms"),
    "cleaning": N_("What each cleaning rule removed and left, in the order they ran"),
    "build_info": N_("The card of this warehouse: where its data come from, and with what it was built"),
    "row_counts": N_("The accounting of each file that was read"),
    "rejects": N_("Records of the files that could not be loaded, with the reason"),
    "readings": N_("What was read otherwise than it stood in a file"),
} | {f"raw.{table}": text for table, text in RAW_TABLES.items()}

_CALENDAR = {
    "year": N_("Calendar year; from the day"),
    "month": N_("Month of the year [1 to 12]; from the day"),
    "weekday": N_("Day of the week [1 Monday to 7 Sunday, ISO 8601]; from the day"),
    "season": N_("Meteorological season, December opening a winter in its own year; from the day"),
}
_SOURCE = N_("Whether of all reviews (full) or of the training split (train); RAW_interactions, interactions_train")
_RATING = N_("Rating, missing where none was given [stars, 1 to 5]; RAW_interactions.rating")
_KIND = N_("What kind of term: ingredient or tag; RAW_recipes.ingredients, RAW_recipes.tags")
_TERM = N_("The term: a singular and its plural are one; from vocabulary")
_CODE = N_("Number of the term, from 1; from vocabulary")
_SPELLING = N_("The word as it is spelled, in small letters; RAW_recipes.ingredients, RAW_recipes.tags")
_SUMS = {
    "total": N_("Sum of what has the centre's error as its mean [the measure's unit]; recipes, reviews"),
    "rows_2": N_("Sum of the squares of the same [the measure's unit, squared]; recipes, reviews"),
    "n_total": N_("Sum over clusters of their sum, times their number [the measure's unit]; recipes, reviews"),
    "total_2": N_("Sum over clusters of their sum, squared [the measure's unit, squared]; recipes, reviews"),
}
_RECIPE = N_("Number of the recipe, as recipes.id, which may have been cleaned away; RAW_interactions.recipe_id")
_OFTEN = N_("The term, of 50 recipes or more: a singular and its plural are one; from vocabulary")
_FREQUENT = {"kind": _KIND, "term": _OFTEN, "code": _CODE}
_STARS = {
    "one": N_("Number of ratings of 1 star [ratings]; reviews"),
    "two": N_("Number of ratings of 2 stars [ratings]; reviews"),
    "three": N_("Number of ratings of 3 stars [ratings]; reviews"),
    "four": N_("Number of ratings of 4 stars [ratings]; reviews"),
    "five": N_("Number of ratings of 5 stars [ratings]; reviews"),
    "unrated": N_("Number of reviews without stars [reviews]; reviews"),
}
_FILE = N_("Name of the file; the source")
_OFFICIAL = N_("Official name of the table; the source")
_WHERE = N_("Column at fault, missing where it is the whole record; the build")

COLUMNS: dict[str, dict[str, str]] = {
    "recipes": {
        "id": N_("Number of the recipe at Food.com; RAW_recipes.id"),
        "name": N_("Name of the recipe; RAW_recipes.name"),
        "contributor_id": N_("Number of the cook who posted it; RAW_recipes.contributor_id"),
        "submitted": N_("Day on which it was posted; RAW_recipes.submitted"),
        **_CALENDAR,
        "day": N_("Day of the month [1 to 31]; from the day"),
        "is_weekend": N_("Whether it is a Saturday or a Sunday; from the day"),
        "minutes": N_("Time that it takes [minutes]; RAW_recipes.minutes"),
        "n_steps": N_("Number of steps [steps]; RAW_recipes.n_steps"),
        "n_ingredients": N_("Number of ingredients [ingredients]; RAW_recipes.n_ingredients, else its list's length"),
        "complexity": N_("Complexity [points]; ln(1 + minutes) + n_steps + n_ingredients / 2"),
        "calories": N_("Energy of a serving [kcal]; RAW_recipes.nutrition"),
        "total_fat_pct": N_("Fat in a serving [% of the daily value]; RAW_recipes.nutrition"),
        "sugar_pct": N_("Sugar in a serving [% of the daily value]; RAW_recipes.nutrition"),
        "sodium_pct": N_("Sodium in a serving [% of the daily value]; RAW_recipes.nutrition"),
        "protein_pct": N_("Protein in a serving [% of the daily value]; RAW_recipes.nutrition"),
        "sat_fat_pct": N_("Saturated fat in a serving [% of the daily value]; RAW_recipes.nutrition"),
        "carb_pct": N_("Carbohydrates in a serving [% of the daily value]; RAW_recipes.nutrition"),
        "description_words": N_("Length of the description, missing where there is none [words]; "
                                "RAW_recipes.description"),
        "step_words": N_("Mean length of a step, missing where there is none [words]; RAW_recipes.steps"),
        "first_year_reviews": N_("Reviews in the 365 days from its posting, missing where the reviews end before "
                                 "[reviews]; RAW_interactions.date"),
        "ingredient_codes": N_("Its ingredients, each once, in order, as term_codes.code; RAW_recipes.ingredients"),
        "tag_codes": N_("Its tags, each once, in order, as term_codes.code; RAW_recipes.tags"),
    },
    "reviews": {
        "source": _SOURCE,
        "user_id": N_("Number of the reviewer at Food.com; RAW_interactions.user_id"),
        "recipe_id": _RECIPE,
        "user_code": N_("Number of the reviewer among all reviewers, from 0; from user_id"),
        "recipe_code": N_("Number of the recipe among all reviewed ones, from 0, and never recipes.id; from recipe_id"),
        "date": N_("Day of the review; RAW_interactions.date"),
        **_CALENDAR,
        "rating": _RATING,
        "words": N_("Length of the review, missing where there is no text and in the training split [words]; "
                    "RAW_interactions.review"),
    },
    "repeated_reviews": {
        "source": _SOURCE,
        "user_code": N_("Number of the reviewer among all reviewers, from 0; from user_id"),
        "recipe_code": N_("Number of the recipe among all reviewed ones, from 0, and never recipes.id; from recipe_id"),
        "n": N_("How often [ratings]; reviews"),
    },
    "term_codes": {"kind": _KIND, "term": _TERM, "code": _CODE},
    "recipe_terms": {
        "recipe": N_("Number of the recipe, as recipes.id; RAW_recipes.id"),
        "kind": _KIND,
        "term": _TERM,
    },
    "days": {
        "day": N_("The day; from recipes.submitted and reviews.date"),
        **_CALENDAR,
        "is_weekend": N_("Whether it is a Saturday or a Sunday; from the day"),
    },
    "vocabulary": {"kind": _KIND, "spelling": _SPELLING, "term": N_("The most frequent spelling of its family: that "
                   "of a singular and its plurals; computed")},
    "cube_recipes": {
        "day": N_("Day of posting; recipes.submitted"),
        **_CALENDAR,
        "measure": N_("Name of the measure, a column of recipes; recipes"),
        "n": N_("Number of recipes whose value is known [recipes]; recipes"),
        "total": N_("Sum of the values [the measure's unit]; recipes"),
        "squares": N_("Sum of the squared values [the measure's unit, squared]; recipes"),
    },
    "cube_ratings": {
        "source": _SOURCE,
        "day": N_("Day of the review; RAW_interactions.date"),
        **_CALENDAR,
        "rating": _RATING,
        "n": N_("Number of reviews [reviews]; reviews"),
    },
    "cube_centres": {
        "measure": N_("Name of the measure, a column of recipes or reviews; recipes, reviews"),
        "period": N_("What a row is of: a year, a month, or in a month a weekday or a weekend (weekday 6, the rest 1); "
                     "recipes.submitted, reviews.date"),
        **_CALENDAR,
        "n": N_("Number of recipes or reviews whose value is known [recipes or reviews]; recipes, reviews"),
        "mean": N_("Mean [the measure's unit]; recipes, reviews"),
        "squares": N_("Sum of the squared deviations from the mean [the measure's unit, squared]; recipes, reviews"),
        "lower": N_("The lower of the two middle values [the measure's unit]; recipes, reviews"),
        "upper": N_("The upper of the two middle values [the measure's unit]; recipes, reviews"),
        "trimmed": N_("Mean of the middle 80% [the measure's unit]; recipes, reviews"),
        "clusters": N_("Number of cooks, or of reviews [cooks or reviews]; recipes, reviews"),
        "n_2": N_("Sum over clusters of their number of values, squared [values, squared]; recipes, reviews"),
        "n_3": N_("Sum over clusters of their number of values, cubed [values, cubed]; recipes, reviews"),
        **{f"{centre}_{kind}": text for centre in MADE for kind, text in _SUMS.items()},
        **dict.fromkeys(
            (f"q{q}" for q in ANY[1]),
            N_("The quantile of so many percent, a value that occurs [the measure's unit]; recipes, reviews"),
        ),
    },
    "cube_clusters": {
        "source": _SOURCE,
        "cluster": N_("What the ratings have in common: user, recipe or pair (of both); reviews"),
        "year": N_("The earlier of two years, or the only one [calendar year]; reviews"),
        "other": N_("The later of two years, or the only one [calendar year]; reviews"),
        "clusters": N_("Clusters of the year, or less those of both years and of none between [clusters]; reviews"),
        "n_2": N_("Sum over clusters of the products of their ratings of either year [ratings, squared]; reviews"),
        "rating_n": N_("Sum of products of stars of one year and ratings of the other [stars times ratings]; reviews"),
        "rating_2": N_("Sum of the products of stars of either year [stars, squared]; reviews"),
        "five_n": N_("The same of ratings of 5 stars and ratings [ratings, squared]; reviews"),
        "five_2": N_("The same of ratings of 5 stars alone [ratings, squared]; reviews"),
        "low_n": N_("The same of ratings of 2 stars or less and ratings [ratings, squared]; reviews"),
        "low_2": N_("The same of ratings of 2 stars or less alone [ratings, squared]; reviews"),
    },
    "cube_terms": {
        "kind": _KIND,
        "term": _TERM,
        "year": _CALENDAR["year"],
        "month": _CALENDAR["month"],
        "recipes": N_("Number of recipes that hold the term [recipes]; recipe_terms"),
    },
    "cube_term_years": {
        "kind": _KIND,
        "term": _TERM,
        "code": _CODE,
        "year": _CALENDAR["year"],
        "recipes": N_("Number of recipes that hold the term [recipes]; recipe_terms"),
        "months": N_("How many of them were posted in January, and so on to December [recipes]; recipes.submitted"),
        "weekdays": N_("How many of them were posted on a Monday, and so on to Sunday [recipes]; recipes.submitted"),
    },
    "cube_term_ratings": {
        **_FREQUENT,
        "year": _CALENDAR["year"],
        "season": _CALENDAR["season"],
        "is_weekend": N_("Whether it is a Saturday or a Sunday; from the day"),
        **_STARS,
    },
    "cube_term_year_ratings": {**_FREQUENT, "year": _CALENDAR["year"], **_STARS},
    "cube_recipe_ratings": {"source": _SOURCE, "recipe": _RECIPE, "year": _CALENDAR["year"], **_STARS},
    "cube_term_clusters": {
        **_FREQUENT,
        "recipes": N_("Number of recipes that hold the term [recipes]; recipe_terms"),
        "cooks_2": N_("Sum over cooks of a cook's recipes with the term, squared [recipes, squared]; recipe_terms"),
        "ratings": N_("Number of ratings of these recipes [ratings]; reviews"),
        "recipes_2": N_("Sum over recipes with the term of a recipe's ratings, squared [ratings, squared]; reviews"),
    },
    "cube_spellings": {
        "kind": _KIND,
        "spelling": _SPELLING,
        "year": _CALENDAR["year"],
        "occurrences": N_("How often it stands in a list [occurrences]; RAW_recipes.ingredients, RAW_recipes.tags"),
        "winter": N_("Of these, in lists of recipes posted in winter [occurrences]; RAW_recipes.submitted"),
        "spring": N_("Of these, in lists of recipes posted in spring [occurrences]; RAW_recipes.submitted"),
        "summer": N_("Of these, in lists of recipes posted in summer [occurrences]; RAW_recipes.submitted"),
        "autumn": N_("Of these, in lists of recipes posted in autumn [occurrences]; RAW_recipes.submitted"),
        "weekend": N_("Of these, in lists of recipes posted on a weekend [occurrences]; RAW_recipes.submitted"),
    },
    "cube_variety": {
        "kind": _KIND,
        "year": _CALENDAR["year"],
        "sample": N_("Recipes drawn from the year, as many as some year has [recipes]; recipes"),
        "losses": N_("Sum over cooks of the terms expected in the sample less without the cook [terms]; recipe_terms"),
        "squares": N_("Sum of the cooks' losses, squared [terms, squared]; recipe_terms"),
        "products": N_("Sum of the cooks' losses, each times the cook's recipes [terms times recipes]; recipe_terms"),
        "named": N_("Terms in the lists of the year's recipes [terms]; recipe_terms"),
        "named_squares": N_("Sum over cooks of the terms in a cook's lists, squared [terms, squared]; recipe_terms"),
        "named_products": N_("Sum of the same, each times the cook's recipes [terms times recipes]; recipe_terms"),
        "sizes": N_("Sum of the cooks' recipes of the year, squared [recipes, squared]; recipes"),
        "cooks": N_("Number of cooks who posted in the year [cooks]; recipes"),
    },
    "cleaning": {
        "step": N_("Place of the rule in their order, from 1; the build"),
        "tbl": N_("What was cleaned: recipes or reviews, and of which source; the build"),
        "rule": N_("Name of the rule; the build"),
        "reason": N_("Why the rule is there; the build"),
        "threshold": N_("Bounds that the rule used; the build"),
        "removed": N_("Rows that it removed [rows]; the build"),
        "remaining": N_("Rows that it left [rows]; the build"),
    },
    "build_info": {
        "kind": N_("Files of Food.com (foodcom) or made-up data (sample); the build"),
        "synthetic": N_("Whether the data are made up; the build"),
        "source": N_("The source as it may be shown; the build"),
        "fingerprint": N_("Equal for equal data, cleaning and code; the build"),
        "recipes_full": N_("Whether it is the whole published data set; the build"),
        "package_version": N_("Version of Mangetamain; the build"),
        "duckdb_version": N_("Version of DuckDB; the build"),
        "cleaning_parameters": N_("Thresholds of the cleaning rules, as JSON; the build"),
        "built_at": N_("When the build ended [UTC]; the build"),
        "seconds": N_("How long the build took [seconds]; the build"),
    },
    "row_counts": {
        "tbl": _OFFICIAL,
        "file": _FILE,
        "records": N_("Records in the file, counted from its bytes [records]; the source"),
        "loaded": N_("Records that are rows of the table [records]; the build"),
        "rejected": N_("Records that are in rejects [records]; the build"),
    },
    "rejects": {
        "file": _FILE,
        "line": N_("Line on which the record starts, or its row in a Parquet file, from 1; the source"),
        "column_name": _WHERE,
        "reason": N_("Why it was not loaded; the build"),
        "text": N_("The text at fault, or its beginning; the source"),
    },
    "readings": {
        "file": _FILE,
        "column_name": N_("Column that it concerns, missing where it is whole rows; the build"),
        "found": N_("What stood there; the source"),
        "read_as": N_("What it was taken for; the build"),
        "records": N_("How many records it concerns [records]; the build"),
    },
}  # fmt: skip
COLUMNS |= {f"raw.{table}": columns for table, columns in RAW_COLUMNS.items()}


def write_comments(con: duckdb.DuckDBPyConnection) -> None:
    """Write the comment of every table and column into a new warehouse; a table without one is an error."""
    tables = con.execute("""
        SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY ALL
    """).fetchall()
    statements = []
    for (table,) in tables:
        name = table.removeprefix("main.")
        statements.append(f"COMMENT ON TABLE {table} IS {sql.text(TABLES[name])}")
        for column, text in COLUMNS[name].items():
            statements.append(f"COMMENT ON COLUMN {table}.{column} IS {sql.text(text)}")
    con.execute("; ".join(("BEGIN", *statements, "COMMIT")))  # written to the disk once, not once for each of them
