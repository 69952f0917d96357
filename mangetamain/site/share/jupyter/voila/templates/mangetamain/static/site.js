/* The page around the figures: the scheme and language buttons, the first figures while the kernel wakes, the footer. */
(() => {
  const page = document.documentElement;
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };
  const dark = () => (page.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

  /* Buttons */
  const themeButton = document.querySelector("[data-mm-theme]");
  themeButton.hidden = false;
  themeButton.addEventListener("click", () => {
    page.dataset.theme = dark() ? "light" : "dark";
    keep("mangetamain-theme", page.dataset.theme);
  });
  const langButton = document.querySelector("[data-mm-lang]");
  langButton.hidden = false;
  const label = () => document.querySelectorAll("[data-labels]").forEach((named) =>
    named.setAttribute(named.dataset.labels, named.dataset[page.lang === "fr" ? "labelFr" : "labelEn"]));
  const speak = (lang) => {
    page.lang = page.dataset.lang = lang;
    keep("mangetamain-lang", lang);
    const title = document.querySelector(`title[data-${lang}]`);
    if (title) document.title = title.dataset[lang];
    label();
    addresses(lang);
    fill();
  };
  const addresses = (lang) => document.querySelectorAll(".mm-nav a, .mm-brand, .mm-theme").forEach((link) => {
    const url = new URL(link.href);
    url.searchParams.set("lang", lang);
    link.href = url;
  });
  langButton.addEventListener("click", () => {
    const lang = page.lang === "fr" ? "en" : "fr";
    const url = new URL(location);
    url.searchParams.set("lang", lang);
    history.replaceState(history.state, "", url);
    speak(lang);
    dispatchEvent(new CustomEvent("mangetamain:lang", { detail: lang }));
  });
  addEventListener("mangetamain:spoken", (event) => { keep("mangetamain-lang", event.detail); label(); fill(); });

  /* First figures: each panel's place shows its stored answer until the living one is drawn. */
  const places = () => [...document.querySelectorAll(".mm-cell")];
  const cells = () => places().filter((cell) => cell.dataset.state !== "live");
  let snapshot;
  const fill = () => places().forEach((cell, index) => {
    const found = Object.values(snapshot?.figures ?? {})[index], lang = page.lang;
    if (!found || cell.dataset.state === "live") return;
    const slot = cell.querySelector(".mm-slot"), { title, sentence, verdict, word, spec } = found[lang];
    const badge = Object.assign(document.createElement("span"), { className: "mm-verdict", textContent: word });
    badge.dataset.verdict = verdict;
    slot.querySelector(".mm-heading").textContent = title;
    slot.querySelector(".mm-sentence").replaceChildren(sentence, ...(verdict ? [" ", badge] : []));
    slot.style.setProperty("--mm-count-controls", found.controls);
    slot.style.setProperty("--mm-rows", found.rows);
    slot.querySelector(".mm-figure").style.minHeight = `${spec.layout.height}px`;
    cell.dataset.state = "snapshot";
    // What lies far below is drawn when it is living: nobody sees it sooner.
    if (slot.getBoundingClientRect().top > innerHeight * 1.2) return;
    window.mangetamain.draw(slot.querySelector(".mm-figure"), spec, { lang, alt: sentence });
  });
  // Voilà's bundle keeps a browser busy for a second: it waits for the first stored figure, though not for long. It starts
  // at the page's load event, which may then be past; a listener that comes too late is called all the same.
  const add = window.addEventListener.bind(window);
  window.addEventListener = (type, listener, ...rest) => {
    if (type === "load" && document.readyState === "complete") setTimeout(() => listener.call(window, new Event("load")));
    else add(type, listener, ...rest);
  };
  const wake = () => {
    const waiting = document.querySelector("script[data-mm-voila]");
    if (!waiting) return;
    waiting.removeAttribute("data-mm-voila");
    document.body.append(Object.assign(document.createElement("script"), { src: waiting.dataset.src }));
  };
  document.addEventListener("mangetamain:drawn", () => setTimeout(wake), { once: true });
  setTimeout(wake, 800);
  const live = (cell) => {
    if (cell.dataset.state === "live") return;
    cell.dataset.state = "live";
    cell.querySelector(".mm-slot").remove();
  };
  // A slider's two handles have no name of their own: they are told by the label above them, in whatever language it is.
  let labels = 0;
  const named = (panel) => panel.querySelectorAll(".widget-hslider").forEach((slider) => {
    const label = slider.querySelector("label");
    label.id ||= `mm-label-${(labels += 1)}`;
    slider.querySelectorAll(".noUi-handle").forEach((handle) => handle.setAttribute("aria-labelledby", label.id));
  });
  document.addEventListener("mangetamain:drawn", (event) => {
    const output = event.target.closest(".mm-live");
    if (!output) return;
    named(output);
    live(output.closest(".mm-cell"));
  });
  // A panel that shows a card instead of a figure is live as well, as is one whose figure never came; where no panel
  // came at all, the stored answer stays.
  const watch = new MutationObserver(() => cells().forEach((cell) => {
    if (cell.querySelector(".mm-live .mm-card")) live(cell);
  }));
  const main = document.getElementById("rendered_cells");
  if (main) {
    watch.observe(main, { childList: true, subtree: true });
    addEventListener("load", () => setTimeout(() => cells().forEach((cell) => {
      if (cell.querySelector(".mm-live .mm-panel") && !cell.querySelector(".mm-live .mm-figure")) live(cell);
    }), 60000));
  }

  /* The footer and the banner say what the data are now, not when the kernel was started. */
  const about = ({ source, fingerprint, version, built, synthetic }) => {
    for (const [name, text] of Object.entries({ source, fingerprint, version, built })) {
      document.querySelector(`[data-mm-${name}]`).textContent = text;
    }
    document.querySelector("[data-mm-about]").hidden = false;
    document.querySelector("[data-mm-synthetic]").hidden = !synthetic;
  };
  label();
  if (new URLSearchParams(location.search).has("lang")) addresses(page.lang);
  window.mangetamainSnapshot?.then((reply) => {
    if (reply.about) about(reply.about);
    if (reply.figures) { snapshot = reply; fill(); }
    if (!Object.keys(reply.figures ?? {}).length) wake();
  }).catch(() => { /* the living page needs no snapshot */ });
})();
