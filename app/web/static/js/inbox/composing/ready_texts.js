// Canned replies and templates, filled in with the customer's data: typed by a slash, or from the
// menu. They are read before they are sent.
import { say } from "./say.js";
import { ask } from "../../live/scope.js";

const form = document.getElementById("composer");
const body = document.getElementById("body");
const menu = document.getElementById("ready-texts");
const known = new Map();

// Of the channel that is chosen; asked for once, and again when somebody comes back to the page.
function texts() {
  const channel = form.querySelector("[name=channel]:checked")?.value ?? "";
  if (!known.has(channel)) known.set(channel, fetched(channel));
  return known.get(channel);
}

async function fetched(channel) {
  try {
    const answer = await ask(`${menu.dataset.texts}?${new URLSearchParams({ channel })}`, { headers: { Accept: "application/json" } });
    if (answer.ok) return (await answer.json()).texts;
  } catch { /* Offline: the next time. */ }
  known.delete(channel);
  return [];
}

// Those whose shortcut or title has what is typed; shortcuts come first.
export async function matching(sought) {
  const word = sought.toLowerCase();
  const begins = ({ shortcut }) => shortcut.startsWith(word);
  const found = (await texts()).filter((each) => begins(each) || each.title.toLowerCase().includes(word));
  return found.sort((one, other) => begins(other) - begins(one));
}

export function lines({ title, shortcut, text }) {
  const [name, key, said] = ["strong", "kbd", "span"].map((tag) => document.createElement(tag));
  [name.textContent, key.textContent, said.textContent] = [title, `/${shortcut}`, text];
  return [name, key, said];
}

export function warn({ lacks_appointment: lacks }) {
  say("", lacks ? "No appointment is booked, so its date and time are empty: look at the text before you send it." : "");
}

export function insert(text) {
  body.setRangeText(text, body.selectionStart, body.selectionEnd, "end");
  body.dispatchEvent(new Event("input", { bubbles: true }));
  body.focus();
}

async function fill() {
  const list = menu.querySelector(".ready-list");
  const found = await matching("");
  list.replaceChildren(...found.map((each) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "menu-item ready";
    button.append(...lines(each));
    button.addEventListener("click", () => { menu.open = false; insert(each.text); warn(each); });
    return button;
  }));
  menu.querySelector(".menu-none").hidden = found.length > 0;
}

menu?.addEventListener("toggle", () => { if (menu.open) fill(); });
document.addEventListener("visibilitychange", () => known.clear());
