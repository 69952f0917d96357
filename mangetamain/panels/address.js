/* The page's address and language, read and written for the kernel. In JupyterLab the address is Lab's own. */

const ours = () => document.body.dataset.voila !== undefined;
const spoken = (text) => (text?.toLowerCase().startsWith("fr") ? "fr" : "en");

function stored() {
  try { return localStorage.getItem("mangetamain-lang"); } catch { return null; }
}

function initialize({ model }) {
  if (!ours()) return;
  const page = document.documentElement, manager = model.widget_manager;
  const choose = (event) => { model.set("language", spoken(event.detail)); model.save_changes(); };
  const write = () => {
    const query = model.get("query");
    history.replaceState(history.state, "", location.pathname + (query ? `?${query}` : "") + location.hash);
  };
  const speak = () => {
    page.lang = page.dataset.lang = spoken(model.get("lang"));
    dispatchEvent(new CustomEvent("mangetamain:spoken", { detail: page.lang }));
  };
  const saved = ({ target }) => {
    const panel = target.closest?.("a.mm-download")?.closest(".mm-panel");
    const key = [...(panel?.classList ?? [])].find((name) => name.startsWith("mm-key-"));
    if (key) model.send({ saved: key.slice("mm-key-".length) });
  };
  const begin = () => {
    manager.restored.disconnect(begin);
    addEventListener("mangetamain:lang", choose);
    addEventListener("click", saved);
    model.set("search", location.search);
    model.set("language", page.dataset.lang ?? spoken(stored() ?? navigator.language));
    model.save_changes();
  };
  model.on("change:query", write);
  model.on("change:lang", speak);
  // The kernel's answer goes to every panel, and what it says to a widget that does not exist yet is lost.
  if (manager.restoredStatus) begin();
  else manager.restored.connect(begin);
  return () => {
    manager.restored.disconnect(begin);
    removeEventListener("mangetamain:lang", choose);
    removeEventListener("click", saved);
  };
}

export default { initialize, render() {} };
