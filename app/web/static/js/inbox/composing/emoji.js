// Emoji by their names and what they are about (emojilib), asked for when somebody wants one.
import { insert } from "./ready_texts.js";

const menu = document.getElementById("emoji");
const MOST = 240;
let known;

async function all() {
  known ??= fetch(menu.dataset.names).then((answer) => answer.json()).then(Object.entries);
  return known.catch(() => { known = undefined; return []; });
}

// [sign, name] of those that have what is sought in a name; where it begins one they come first.
export async function found(sought) {
  const word = sought.toLowerCase().replaceAll(" ", "_");
  const rank = (names) => (names[0].startsWith(word) ? 0 : names.some((name) => name.startsWith(word)) ? 1 : 2);
  const has = (await all()).filter(([, names]) => names.some((name) => name.includes(word)));
  return has.sort((one, other) => rank(one[1]) - rank(other[1])).map(([sign, names]) => [sign, names[0].replaceAll("_", " ")]);
}

async function show() {
  const grid = menu.querySelector(".emoji-grid");
  const signs = (await found(menu.querySelector("input").value)).slice(0, MOST);
  grid.replaceChildren(...signs.map(([sign, name]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.title = name;
    button.setAttribute("aria-label", name);
    return button;
  }));
}

const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 };

// Through the grid by the arrows; from the search by the one down.
function walk(event) {
  const step = STEPS[event.key];
  if (!step) return;
  const buttons = [...menu.querySelectorAll(".emoji-grid button")];
  const at = buttons.indexOf(document.activeElement);
  if (at < 0 && event.key !== "ArrowDown") return;
  event.preventDefault();
  (buttons[at < 0 ? 0 : at + step] ?? menu.querySelector("input")).focus();
}

menu?.addEventListener("toggle", () => { if (menu.open) { show(); menu.querySelector("input").focus(); } });
menu?.querySelector("input").addEventListener("input", show);
menu?.addEventListener("keydown", walk);
menu?.querySelector("input").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  menu.querySelector(".emoji-grid button")?.click();
});
menu?.querySelector(".emoji-grid").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) { menu.open = false; insert(button.textContent); }
});
