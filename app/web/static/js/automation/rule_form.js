// The form of a rule: parts are added and taken out, and texts previewed, without leaving the page.
import { ask } from "../live/scope.js";

const form = document.getElementById("rule");
const sentence = document.getElementById("sentence");
const byId = (id) => document.getElementById(id);

// The server makes the sentence, with and without this script.
async function step(name) {
  const body = new FormData(form);
  body.set("step", name);
  const answer = await ask(`${form.action}?part=form`, { method: "POST", body }).catch(() => null);
  if (!answer || (!answer.ok && answer.status !== 422)) return false;
  sentence.innerHTML = await answer.text();
  focus(name);
  return true;
}

// To what was added or moved; to where something was taken out.
function focus(name) {
  const [verb, list, place] = name.split(".");
  const parts = [...sentence.querySelectorAll(`[id^="${list}-"]`)];
  const moved = { add: parts.at(-1), up: parts[place - 1], down: parts[Number(place) + 1] }[verb];
  const field = moved?.querySelector("input:not([type=hidden]), select, textarea, summary");
  const wrong = verb === "try" ? sentence.querySelector("[aria-invalid]") : null;
  const here = { show: byId("trigger"), try: byId("tried") ?? wrong }[verb] ?? field ?? byId(`new.${list}`);
  here?.focus();
}

// Where the part cannot be had the whole page is asked for.
let plain = false;
form.addEventListener("submit", async (event) => {
  const name = event.submitter?.name === "step" ? event.submitter.value : "save";
  if (name === "save" || plain) return;
  event.preventDefault();
  const button = event.submitter;
  if (await step(name)) return;
  plain = true;
  form.requestSubmit(button);
});

// Somebody typed on while the answer was on its way: another one follows.
let typing;
async function look(field) {
  const text = field.value;
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, place: field.dataset.template, text });
  const answer = await ask(form.dataset.preview, { method: "POST", body }).catch(() => null);
  if (!answer?.ok || text !== field.value) return;
  const told = await answer.json();
  const seen = sentence.querySelector(`[data-seen="${field.name}"]`);
  seen.hidden = !told.body;
  seen.textContent = told.body ?? "";
  sentence.querySelector(`[data-count="${field.name}"]`).textContent = told.error ?? told.count;
}

form.addEventListener("input", ({ target }) => {
  if (!target.dataset.template) return;
  clearTimeout(typing);
  typing = setTimeout(look, 250, target);
});
// What is turned on is what was saved.
form.addEventListener("input", () => {
  const other = document.querySelector(".auto-switch");
  if (other) other.dataset.confirm = "What you changed is not saved yet. Go on without it?";
}, { once: true });
form.addEventListener("change", ({ target }) => { if (target.dataset.step) step(target.dataset.step); });
form.addEventListener("click", ({ target }) => {
  const text = target.dataset.insert;
  if (!text) return;
  const field = form.elements[target.closest("[data-insert-into]").dataset.insertInto];
  const gap = /[^\s({]$/.test(field.value.slice(0, field.selectionStart)) ? " " : "";
  field.setRangeText(gap + text, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  look(field);
});
