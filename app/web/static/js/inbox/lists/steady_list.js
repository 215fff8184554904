// The list of conversations never moves under a hand. While the pointer is over it, the keyboard's
// focus in it, or somebody has scrolled down in it, its rows change in place, and a new order waits
// behind a button that says how many are new.
import { guarded } from "../../live/guard.js";
import { morph, parsed } from "../../live/morph.js";

const SCROLLED_PX = 40;
const list = document.getElementById("talks");
const button = document.getElementById("talks-news");
const hovers = matchMedia("(hover: hover)");
let waits = null;
let touched = false;

const rows = (part) => [...part.querySelectorAll(".talk-list > [id]")];
const used = () => (hovers.matches && list.matches(":hover")) || list.querySelector(":focus-visible");
const onButton = () => document.activeElement === button;
const held = () => Boolean(used() || touched || onButton() || list.scrollTop > SCROLLED_PX);

export function show(html, inOrder = false) {
  const fresh = parsed(html);
  const [news, moves] = held() && !inOrder ? keepOrder(fresh) : [0, false];
  waits = moves ? html : null;
  button.hidden = !news;
  button.textContent = `${news} new`;
  guarded(list, () => anchored(() => morph(list, fresh)));
  list.dispatchEvent(new Event("shown"));
}

// Puts the fresh rows in the order in which they stand now; those that are gone stay, those that came
// are left out. How many would be higher up, and whether there is any other order.
function keepOrder(fresh) {
  const [before, after] = [rows(list), rows(fresh)];
  if (!before.length) return [0, false];
  const there = new Map(after.map((row) => [row.id, row]));
  const moves = before.map((row) => row.id).join() !== after.map((row) => row.id).join();
  const news = moves ? risen(after, new Map(before.map((row, place) => [row.id, place]))) : 0;
  if (moves) into(fresh).replaceChildren(...before.map((row) => there.get(row.id) ?? row.cloneNode(true)));
  return [news, moves];
}

const into = (fresh) => fresh.querySelector(".talk-list");

function risen(after, places) {
  let highest = Infinity, count = 0;
  for (const row of after.reverse()) {
    const place = places.get(row.id) ?? Infinity;
    if (place > highest) count += 1;
    highest = Math.min(highest, place);
  }
  return count;
}

// What one looks at stays where it is, though something above it becomes higher.
function anchored(change) {
  const row = rows(list).find((each) => each.matches(":hover, :focus-within")) ?? (held() && rows(list).find(isVisible));
  const top = row && row.getBoundingClientRect().top;
  change();
  if (row?.isConnected && held()) list.scrollTop += row.getBoundingClientRect().top - top;
}

const isVisible = (row) => row.getBoundingClientRect().bottom > list.getBoundingClientRect().top;

function release() {
  if (waits && !held()) show(waits);
}

if (list) {
  button.addEventListener("click", () => {
    list.scrollTop = 0;
    // The button goes: the keyboard goes on in the list.
    const byKey = button.matches(":focus-visible");
    if (waits) show(waits, true);
    if (byKey) list.querySelector(".talk")?.focus();
  });
  for (const name of ["pointerleave", "scroll"]) list.addEventListener(name, release, { passive: true });
  for (const each of [list, button]) each.addEventListener("focusout", () => setTimeout(release));
  for (const [name, is] of [["touchstart", true], ["touchend", false], ["touchcancel", false]]) {
    list.addEventListener(name, () => { touched = is; release(); }, { passive: true });
  }
}
