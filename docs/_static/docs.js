/* Draws the figures of a page with the site's own script, again when the reader changes the scheme. */
for (const figure of document.querySelectorAll("[data-figure]"))
  window.mangetamain.draw(figure, JSON.parse(figure.dataset.figure), { lang: figure.lang, alt: figure.getAttribute("aria-label") });
new MutationObserver(() => window.mangetamain.redraw()).observe(document.body, { attributeFilter: ["data-theme"] });
