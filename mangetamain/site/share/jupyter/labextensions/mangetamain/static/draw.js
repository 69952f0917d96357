/* Draws a figure with the page's colours: window.mangetamain.draw(element, spec, {lang, alt}) returns a cleanup.
   Loaded once per page by the site's template, by a report, or by the Chart widget in JupyterLab. */
(() => {
  if (window.mangetamain?.draw) return;
  const self = document.currentScript?.src ?? "";
  const NARROW = 560;
  // Places of a logarithmic axis worth a label: 1, 2, 5, 10, 20, 50 and so on; on a phone 1, 10, 100.
  const round = (narrow) => [0, 1, 2, 3, 4, 5, 6].flatMap((power) => (narrow ? [1] : [1, 2, 5]).map((digit) => digit * 10 ** power));

  const script = (src) => new Promise((done, failed) => {
    // An AMD loader on the page would swallow the bundle: hide it while the script runs.
    const amd = window.define?.amd;
    if (amd) window.define.amd = undefined;
    const settle = (end) => () => { if (amd) window.define.amd = amd; end(); };
    document.head.append(Object.assign(document.createElement("script"),
      { src, onload: settle(done), onerror: settle(() => failed(new Error(`cannot load ${src}`))) }));
  });

  let loading;
  const plotly = () => (loading ??= (async () => {
    if (!window.Plotly) await script(self.replace("draw.js", "plotly-cartesian.min.js"));
    // French writes its months small and sets off thousands with a narrow space; of plotly's own words our figures say two.
    const months = (month) => Array.from({ length: 12 }, (_, at) => new Date(2000, at).toLocaleDateString("fr", { month }));
    window.Plotly.register({ moduleType: "locale", name: "fr",
      dictionary: { "Double-click to zoom back out": "Double-cliquer pour dézoomer",
        "Double-click on legend to isolate one trace": "Double-cliquer sur la légende pour isoler une série" },
      format: { shortMonths: months("short"), months: months("long"), decimal: ",", thousands: "\u202f",
        date: "%d/%m/%Y", year: "%Y", month: "%b %Y", dayMonth: "%-d %b", dayMonthYear: "%-d %b %Y" } });
    return window.Plotly;
  })().catch((error) => { loading = undefined; throw error; }));

  /* Colours are custom properties that follow the scheme; the browser resolves them on a probe. */
  const palette = (element) => {
    const probe = element.appendChild(document.createElement("i"));
    const known = new Map();
    const read = (name) => {
      if (!known.has(name)) {
        probe.style.color = `var(--mm-${name})`;
        known.set(name, getComputedStyle(probe).color);
      }
      return known.get(name);
    };
    return { read, done: () => probe.remove(), font: getComputedStyle(element).getPropertyValue("--mm-font") };
  };

  const painted = (trace, colour, narrow) => {
    const role = trace.meta?.role ?? "centre", shade = colour(role);
    const out = { ...trace, marker: { color: shade, ...trace.marker } };
    if ((trace.type ?? "scatter") === "scatter") {
      out.line = { color: shade, width: narrow ? 2 : 2.5, ...trace.line };
      // A band lets what lies under it be seen.
      if (trace.fill) out.fillcolor = trace.fillcolor ?? shade.replace(/^rgb\((.*)\)$/, "rgba($1, 0.2)");
      if (trace.mode?.includes("markers")) out.marker = { size: narrow ? 6 : 8, ...out.marker };
      for (const error of ["error_x", "error_y"]) if (trace[error]) out[error] = { thickness: 1.5, width: 0, color: shade, ...trace[error] };
      if (trace.text) out.textfont = { color: colour(`ink-${role}`) };
    } else if (trace.type === "bar") {
      out.marker = { line: { width: 0 }, ...out.marker };
    }
    return out;
  };

  // Pixels of a figure's letters, and of what the longest of some names takes.
  const letter = (narrow) => narrow ? 12 : 13.5;
  const long = (names, narrow) => 0.58 * letter(narrow) * Math.max(0, ...names.flatMap((name) => name.split("<br>")).map(({ length }) => length));
  // Names on both sides would leave a phone no room between them: there they stand above their rows.
  const lifting = ({ yaxis2 }, narrow) => narrow && yaxis2?.ticktext;
  const rows = (layout, narrow) => lifting(layout, narrow) ? undefined : layout.yaxis?.ticktext ?? layout.yaxis?.categoryarray;
  // Pixels right of the marks, and those that the marks have, beside names of rows or the numbers of an axis.
  const edge = ({ margin }, narrow) => margin?.r ?? (narrow ? 12 : 24);
  const room = (layout, width, narrow) => width - Math.max(24, edge(layout, narrow)) - long(rows(layout, narrow) ?? ["00000"], narrow);

  // Whether names below a figure are longer than the places that they name are apart.
  const turned = (layout, width, narrow) => {
    const { ticktext: names = [], tickvals: places = [], range = [0, 0] } = layout.xaxis ?? {};
    if (names.length < 2) return false;
    const step = (places.at(-1) - places[0]) / (names.length - 1);
    return long(names, narrow) > (room(layout, width, narrow) * step) / (range[1] - range[0] || names.length * step);
  };

  // A title on as many lines as it takes, for plotly cuts off what reaches over the edge.
  const folded = (text, most) => text.split(" ").reduce((lines, word) => {
    const longer = `${lines.at(-1)} ${word}`.trim();
    return longer.length > most ? [...lines, word] : [...lines.slice(0, -1), longer];
  }, [""]).filter(Boolean).join("<br>");

  const axis = (colour, spec, narrow, upright, names, lifted) => {
    const title = typeof spec?.title === "string" ? { text: spec.title } : spec?.title;
    const style = { gridcolor: colour("grid"), linecolor: colour("edge"), zeroline: false,
      automargin: true, ticks: "", exponentformat: "none", separatethousands: upright, showline: !upright && !names, showgrid: upright, fixedrange: narrow,
      ...spec, title: title?.text ? { standoff: narrow ? 8 : 12, font: { size: letter(narrow) }, ...title } : undefined };
    if (names) Object.assign(style, { dtick: 1, showticklabels: !lifted });
    else if (spec?.type === "log" && !spec.tickvals) Object.assign(style, { tickmode: "array", tickvals: round(narrow), tickformat: "," });
    else if (spec?.ticktext) style.tickangle = spec.tickangle ?? 0;
    else if (narrow && spec?.tickmode !== "array") Object.assign(style, upright ? { nticks: 4, tickangle: 0 } : { nticks: 4 });
    return style;
  };

  const composed = (spec, colour, font, narrow, width) => {
    const given = spec.layout ?? {};
    const flat = spec.data?.some((trace) => trace.orientation === "h");
    const lifted = lifting(given, narrow);
    const names = lifted ? ["yaxis", "yaxis2"].flatMap((key, right) => given[key].ticktext.map((name, place) => ({ text: name,
      font: { size: 11 }, x: right, xref: "paper", xanchor: right ? "right" : "left", y: given[key].tickvals[place], yshift: 12, showarrow: false }))) : [];
    const text = { family: font, color: colour("text"), size: letter(narrow) };
    const axes = Object.fromEntries(Object.keys({ xaxis: 0, yaxis: 0, ...given }).filter((key) => /^[xy]axis\d*$/.test(key))
      .map((key) => [key, axis(colour, given[key], narrow, (key[0] === "y") !== flat, flat && key[0] === "y", lifted)]));
    const leaning = turned(given, width, narrow);
    // More names than fit: upwards to their ticks, for plotly leaves out one that would reach over the right edge.
    const above = axes.xaxis.side === "top";
    if (leaning) axes.xaxis.tickangle = above ? 45 : -45;
    if (axes.xaxis.title) axes.xaxis.title.text = folded(axes.xaxis.title.text, (room(given, width, narrow) + 24) / (0.55 * letter(narrow)));
    // What the values are stands above them, where it is read without turning one's head and has the width to be long.
    const title = spec.data?.length && !flat ? axes.yaxis.title : undefined;
    delete axes.yaxis.title;
    const titled = title ? [{ text: title.text, x: 0, xref: "paper", xanchor: "left", y: 1, yref: "paper", yanchor: "bottom",
      yshift: 4, showarrow: false }] : [];
    // What stands at the right edge has the colour of what it speaks of.
    const notes = (given.annotations ?? []).map((note) => note.name ? { ...note, font: { color: colour(`ink-${note.name}`) } } : note);
    const shapes = (given.shapes ?? []).map((shape) => ({ ...shape, line: { width: 2.5, ...shape.line, color: colour(shape.name) } }));
    const annotations = [...notes, ...names, ...titled];
    const named = given.showlegend ? (spec.data ?? []).filter((trace) => trace.showlegend !== false && trace.name).length : 0;
    // What places are called, and the legend above that, where rows go on for more than a screen.
    const head = above && named ? letter(narrow) * 1.6 * (narrow ? named : 1) + (leaning ? 0.72 * long(given.xaxis.ticktext, narrow) : 24) : 0;
    const legend = narrow || above
      ? { orientation: "h", traceorder: "normal", x: 0, xanchor: "left", y: above ? 1 : 0, yref: "container", yanchor: above ? "top" : "bottom" }
      : { orientation: "h", traceorder: "normal", x: 0, xanchor: "left", y: 1 + (title ? 28 : 8) / ((given.height ?? 380) - 100), yanchor: "bottom" };
    // On a phone the legend stands below, a line for each long name: the figure grows by what it takes.
    // A round one needs no more height than it has width; names that lean take no height from rows.
    const round = narrow && given.yaxis?.scaleanchor;
    const lines = narrow ? 18 * Math.max(0, named - 2) : 0, lean = leaning && rows(given, narrow) ? 0.72 * long(given.xaxis.ticktext, narrow) : 0;
    const height = round ? width : (given.height ?? 380) + lines + Math.round(lean);
    if (!spec.data?.length) for (const each of Object.values(axes)) Object.assign(each, { showticklabels: false, showgrid: false, showline: false });
    return { bargap: 0.18, hovermode: "x unified", ...given, ...axes, annotations, shapes, height, font: { ...text, ...given.font }, autosize: true,
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", dragmode: narrow ? false : "zoom",
      showlegend: named > 0, separators: undefined,
      margin: { l: 8, r: edge(given, narrow), t: head || (named && !narrow ? 40 : 16) + (title ? 20 : 0), b: 8, ...given.margin },
      // Whole names: they are short enough, and plotly would cut one in the middle of an escaped character.
      hoverlabel: { bgcolor: colour("sunken"), bordercolor: colour("edge"), font: text, namelength: -1, ...given.hoverlabel },
      legend: { ...legend, bgcolor: "rgba(0,0,0,0)", ...given.legend } };
  };

  const config = (lang) => ({ displayModeBar: false, responsive: false, locale: lang === "fr" ? "fr" : "en-US" });
  const WHOLE = { en: "Whole view", fr: "Vue entière" };

  const live = new Map();
  const draw = (element, spec, { lang = "en", alt = "" } = {}) => {
    const known = live.get(element);
    if (known) { known.update(spec, lang, alt); return known.stop; }
    let state = { spec, lang, alt }, asked = 0, drawn = false, told;
    element.classList.add("mm-plot");
    const back = Object.assign(document.createElement("button"), { type: "button", className: "mm-whole" });
    back.addEventListener("click", () => paint());
    const paint = async () => {
      cancelAnimationFrame(asked);
      asked = 0;
      const width = element.clientWidth;
      if (!width || !state.spec?.data) return;
      const Plotly = await plotly();
      if (!live.has(element)) return;
      const narrow = width < NARROW, { read, done, font } = palette(element);
      const layout = { ...composed(state.spec, read, font, narrow, width), width };
      const data = state.spec.data.map((trace) => painted(trace, read, narrow));
      done();
      element.style.minHeight = `${layout.height ?? 380}px`;
      if (told !== state.lang) { if (drawn) Plotly.purge(element); told = state.lang; }
      await Plotly.react(element, data, layout, config(state.lang));
      Object.assign(back, { hidden: true, textContent: WHOLE[state.lang] ?? WHOLE.en });
      element.append(back);
      // No image: it holds the button that saves it.
      element.setAttribute("role", "figure");
      element.setAttribute("aria-label", state.alt);
      if (!drawn) {
        element.on("plotly_relayout", (moved) => {
          // Of years there are whole ones alone, however near one looks.
          const { xaxis } = element._fullLayout;
          if (xaxis.tickformat === "d" && xaxis.dtick < 1) Plotly.relayout(element, { "xaxis.dtick": 1 });
          back.hidden &&= !Object.keys(moved).some((key) => key.includes("axis.range"));
        });
        element.on("plotly_doubleclick", () => { back.hidden = true; });
      }
      drawn = true;
      element.dispatchEvent(new CustomEvent("mangetamain:drawn", { bubbles: true }));
    };
    const ask = () => { asked ||= requestAnimationFrame(paint); };
    let seen = 0;
    const size = new ResizeObserver(() => { if (element.clientWidth !== seen) { seen = element.clientWidth; ask(); } });
    const stop = () => { size.disconnect(); live.delete(element); if (drawn) window.Plotly?.purge(element); };
    // An answer is drawn at once, not in the next frame.
    const update = (...next) => { [state.spec, state.lang, state.alt] = next; paint(); };
    live.set(element, { update, stop, ask, paint });
    element.style.minHeight = `${spec?.layout?.height ?? 380}px`;
    size.observe(element);
    return stop;
  };

  // In the frame after this one: JupyterLab hides its pages for a moment as it changes its colours.
  const again = () => requestAnimationFrame(() => live.forEach(({ ask }) => ask()));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  const scheme = new MutationObserver(again);
  scheme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const body = () => scheme.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  document.body ? body() : addEventListener("DOMContentLoaded", body);
  document.fonts?.ready.then(again);
  // Paper is light, whatever the screen is.
  const root = document.documentElement, now = () => live.forEach(({ paint }) => paint());
  let { theme } = root.dataset;
  addEventListener("beforeprint", () => { ({ theme } = root.dataset); root.dataset.theme = "light"; now(); });
  addEventListener("afterprint", () => { if (theme) root.dataset.theme = theme; else delete root.dataset.theme; now(); });
  window.mangetamain = { ...window.mangetamain, draw, plotly, redraw: now };
})();
