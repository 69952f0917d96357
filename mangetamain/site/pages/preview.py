"""A figure's picture as a file of its own, for who shows a link to a page: SVG, for no browser is here to paint it."""

from __future__ import annotations

import re

from mangetamain import charter
from mangetamain.assets import page_style

RULES = re.compile(r"^\.mm-picture[^\n]*", re.MULTILINE)


def standing(picture: str) -> str:
    """Return a picture of a page with the rules and colours that the page has for it, in the light scheme."""
    rules = "\n".join([charter.css(), ":root { color-scheme: light; }", *RULES.findall(page_style())])
    ground = '<rect width="100%" height="100%" fill="var(--mm-card)"/>'
    alone = picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return re.sub(r"^<svg[^>]*>", lambda opened: f"{opened[0]}<style>{rules}</style>{ground}", alone, count=1)
