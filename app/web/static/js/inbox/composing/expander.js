// While one types: a slash finds a ready text, a colon an emoji.
import "../../../vendor/text-expander-element/bundle.js";
import { found as foundEmoji } from "./emoji.js";
import { lines, matching, warn } from "./ready_texts.js";

const expander = document.querySelector("text-expander");
const MOST = 8, LEAST_OF_A_NAME = 2;

function option(value, parts, chosen = () => {}) {
  const item = document.createElement("li");
  item.role = "option";
  item.id = `expanded-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  item.append(...parts);
  Object.assign(item, { expandsTo: value, chosen });
  return item;
}

function listed(items) {
  const fragment = document.createElement("ul");
  fragment.className = "expanded menu-list";
  fragment.role = "listbox";
  fragment.setAttribute("aria-label", "What can be inserted");
  fragment.append(...items.slice(0, MOST));
  return { matched: items.length > 0, fragment };
}

async function offered(key, text) {
  if (key === "/") return listed((await matching(text)).map((each) => option(each.text, lines(each), () => warn(each))));
  if (text.length < LEAST_OF_A_NAME) return { matched: false };
  return listed((await foundEmoji(text)).map(([sign, name]) => option(sign, [`${sign} ${name}`])));
}

// A field of several lines is a textbox, and no combobox (ARIA in HTML).
expander?.addEventListener("text-expander-activate", () => queueMicrotask(() => {
  for (const name of ["role", "aria-expanded"]) expander.querySelector("textarea").removeAttribute(name);
}));
expander?.addEventListener("text-expander-change", ({ detail }) => detail.provide(offered(detail.key, detail.text)));
expander?.addEventListener("text-expander-value", ({ detail }) => {
  detail.value = detail.item.expandsTo;
  detail.item.chosen();
});
expander?.addEventListener("text-expander-committed", ({ detail }) => detail.input.dispatchEvent(new Event("input", { bubbles: true })));
