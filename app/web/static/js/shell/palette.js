// Ctrl-K: what can be done here with the key of each, the pages of the menu, and customers by name.
// And the list of all keys. Both are dialogs: the focus is kept in them and goes back afterwards.
import { combobox } from "../widgets/combobox.js";
import { customers } from "../widgets/customers.js";
import { parsed } from "../live/morph.js";
import { ask } from "../live/scope.js";

const MOST = 12;
const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const words = (element) => (element.dataset.hotkeyWords || element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent).trim().replace(/\s+/g, " ");
const visible = (element) => element.checkVisibility?.() ?? true;

function dialog(label, id) {
  const made = document.createElement("dialog");
  Object.assign(made, { id, className: "palette" });
  made.setAttribute("aria-label", label);
  // Beside it is a click on the dialog itself.
  made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
  document.body.append(made);
  return made;
}

let palette = null;
let look = null;

function build(press) {
  palette = dialog("Search actions, pages and customers", "palette");
  const field = Object.assign(document.createElement("input"), { type: "text", placeholder: "What do you want to do, or whom do you look for?", autocomplete: "off" });
  field.setAttribute("aria-label", "Action, page or customer");
  const list = Object.assign(document.createElement("ul"), { className: "palette-list" });
  palette.append(field, list);
  const close = (after) => () => { palette.close(); after(); };
  ({ look } = combobox(field, list, async (text) => [...here(text, press, close), ...await found(text)].slice(0, MOST + 8), true));
  palette.addEventListener("close", () => { field.value = ""; });
}

function here(text, press, close) {
  const actions = [...document.querySelectorAll("[data-hotkey]")].filter(visible).map((element) => ({
    label: words(element), key: element.dataset.hotkey, choose: close(() => press(element)),
  }));
  const pages = [...document.querySelectorAll('#nav a[href]:not(.brand, [href^="/keyboard"])')].map((link) => ({
    label: words(link), detail: "Page", choose: close(() => link.click()),
  }));
  const keys = { label: "All keyboard shortcuts", key: "?", choose: close(openKeys) };
  const all = [...actions, ...pages, keys];
  return all.filter(({ label }) => plain(text).split(/\s+/).every((word) => plain(label).includes(word))).slice(0, MOST);
}

const found = async (text) => (text.trim().length < 2 ? [] : customers(text));

export function openPalette(press) {
  if (document.querySelector("dialog[open]")) return;
  if (!palette) build(press);
  palette.showModal();
  look();
}

let keys = null;

export async function openKeys() {
  if (!keys) {
    const answer = await ask("/keyboard/?part=keys", { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) { location.assign("/keyboard"); return; }
    keys ??= dialog("Keyboard shortcuts", "keys");
    keys.replaceChildren(parsed(await answer.text()));
  }
  keys.showModal();
}
