// Many conversations at once: what is ticked stays ticked as the list changes, Shift ticks all between,
// and what is done is said without leaving the page. Without this the form does the same.
import { look } from "../live.js";
import { ask } from "../../live/scope.js";

const form = document.getElementById("bulk");
const talks = document.getElementById("talks");
const all = document.getElementById("bulk-all");
const said = document.getElementById("bulk-said");
const chosen = new Set();
let last = null;

const boxes = () => [...talks.querySelectorAll(".talk-pick")];

function tell() {
  const shown = boxes();
  const count = shown.filter((box) => box.checked).length;
  document.getElementById("bulk-count").textContent = `${count} chosen`;
  all.checked = count > 0 && count === shown.length;
  all.indeterminate = count > 0 && !all.checked;
}

function tick(box, is) {
  box.checked = is;
  if (is) chosen.add(box.dataset.customer);
  else chosen.delete(box.dataset.customer);
}

talks.addEventListener("click", (event) => {
  const box = event.target.closest(".talk-pick");
  if (!box) return;
  const shown = boxes();
  const from = shown.findIndex((each) => each.dataset.customer === last);
  const [a, b] = [from, shown.indexOf(box)].sort((x, y) => x - y);
  for (const each of event.shiftKey && from >= 0 ? shown.slice(a, b + 1) : [box]) tick(each, box.checked);
  last = box.dataset.customer;
  tell();
});

// Of what left the list nothing is done: it is not seen.
talks.addEventListener("shown", () => {
  const shown = boxes();
  const there = new Set(shown.map((box) => box.dataset.customer));
  for (const customer of chosen) if (!there.has(customer)) chosen.delete(customer);
  for (const box of shown) box.checked = chosen.has(box.dataset.customer);
  tell();
});

all.addEventListener("change", () => { for (const box of boxes()) tick(box, all.checked); tell(); });
form.addEventListener("reset", () => { chosen.clear(); last = null; setTimeout(tell); });

let hiding;
function say(words, wrong) {
  clearTimeout(hiding);
  said.textContent = words;
  said.classList.toggle("bulk-wrong", wrong);
  hiding = setTimeout(() => { said.textContent = ""; }, 12_000);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  try {
    const answer = await ask(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    const told = await answer.json().catch(() => ({}));
    say(told.said ?? told.error ?? "It could not be done. Reload the page and try again.", !answer.ok);
    if (answer.ok) form.reset();
    await look();
  } catch {
    say("No connection. Do it again when you are back online.", true);
  }
});

all.parentElement.hidden = false;
tell();
