/* The figure of a panel: pictures at once, the living one in their place once the script that draws is there. */
import { make } from "./element.js";

// Milliseconds from an answer's pictures to its living figure: who moves a control goes on moving it.
const FOLLOWS = 250;

/** @import { Reply } from "./element.js" */

/** The address of the script that draws: a page of ours says it, elsewhere Jupyter serves it. */
function scripts() {
  const config = JSON.parse(document.getElementById("jupyter-config-data")?.textContent ?? "{}");
  const root = (config.baseUrl ?? "/").replace(/\/?$/, "/");
  const voila = document.body.dataset.voila !== undefined;
  return document.documentElement.dataset.draw ?? `${root}${voila ? "voila/labextensions" : "lab/extensions"}/mangetamain/static/draw.js`;
}

/** @type {() => Promise<any>} */
async function drawing() {
  const shared = /** @type {any} */ (window);
  shared.mangetamainLoading ??= new Promise((done, failed) => {
    if (shared.mangetamain?.draw) done(undefined);
    else document.head.append(Object.assign(document.createElement("script"), { src: scripts(), onload: done, onerror: failed }));
  });
  try {
    await shared.mangetamainLoading;
    await shared.mangetamain.plotly();
    return shared.mangetamain.draw;
  } catch {
    shared.mangetamainLoading = undefined; // there may be a line again when a hand comes near
  }
}

/**
 * A figure: the reply's pictures at once, the living one in their place when the page rests or a hand comes near.
 * @param {HTMLElement} place
 * @param {HTMLElement} panel
 */
export function figured(place, panel) {
  const host = make("div", { class: "mm-drawn" });
  /** @type {any} */ let draw;
  /** @type {any[]} */ let latest = [];
  let stop = () => {}, taking = false, following = 0;
  const take = async () => {
    if (taking || !place.isConnected) return;
    taking = true;
    draw = await drawing();
    taking = Boolean(draw);
    if (draw) paint();
  };
  const paint = () => {
    clearTimeout(following);
    following = 0;
    if (!latest.length) return; // what was refused at once has no figure
    if (!host.isConnected) place.append(host);
    stop = draw(host, ...latest);
  };
  // Drawn anew for other reasons, as in other colours, it may still be the figure before.
  host.addEventListener("mangetamain:drawn", () => following || place.replaceChildren(host));
  const rest = window.requestIdleCallback ?? ((/** @type {() => void} */ act) => setTimeout(act, 200));
  const sight = new IntersectionObserver((seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    sight.disconnect();
    if (document.readyState === "complete") rest(take);
    else addEventListener("load", () => rest(take), { once: true });
  }, { rootMargin: "50%" });
  sight.observe(place);
  for (const hand of ["pointerenter", "focusin"]) panel.addEventListener(hand, take);
  return {
    /** @type {(reply: Reply, lang: string) => void} */
    show(reply, lang) {
      const first = latest.length === 0;
      latest = [reply.spec, { lang, alt: reply.sentence }];
      const pictures = Object.entries(reply.pictures ?? {}).map(([name, picture]) => {
        const holder = make("div", { class: `mm-${name}` });
        holder.innerHTML = picture;
        return holder;
      });
      // The first answer's pictures may stand there already, and a copy of the site has none of the others.
      if (pictures.length || !first) place.replaceChildren(...pictures, ...(host.isConnected ? [host] : []));
      clearTimeout(following);
      if (draw && pictures.length) following = window.setTimeout(paint, FOLLOWS);
      else if (draw) paint();
      else if (!first && !pictures.length) take();
    },
    end() { sight.disconnect(); clearTimeout(following); stop(); },
  };
}
