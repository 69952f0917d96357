/* One figure: draw.js does the drawing, this only finds it and follows the widget's traits. */

function base() {
  const config = document.getElementById("jupyter-config-data");
  const options = config ? JSON.parse(config.textContent) : {};
  const root = (options.baseUrl ?? document.body.dataset.baseUrl ?? "/").replace(/\/?$/, "/");
  const voila = document.body.dataset.voila !== undefined;
  return root + (voila ? "voila/labextensions/" : "lab/extensions/") + "mangetamain/static/";
}

function drawing() {
  if (window.mangetamain?.draw) return Promise.resolve(window.mangetamain.draw);
  return (window.mangetamainLoading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = base() + "draw.js";
    script.onload = () => done(window.mangetamain.draw);
    script.onerror = () => failed(new Error(`cannot load ${script.src}`));
    document.head.append(script);
  }));
}

async function render({ model, el }) {
  el.classList.add("mm-figure");
  el.style.minHeight = `${model.get("spec").layout?.height ?? 380}px`;
  el.addEventListener("mangetamain:drawn", () => { el.style.minHeight = ""; }, { once: true });
  const host = el.appendChild(document.createElement("div"));
  const draw = await drawing();
  const show = () => draw(host, model.get("spec"), { lang: model.get("lang"), alt: model.get("alt") });
  const stop = show();
  model.on("change:spec change:lang change:alt", show);
  return () => { model.off("change:spec change:lang change:alt", show); stop(); };
}

export default { render };
