// The template editor: what the customer will read, while it is being written.
import { ask } from "../live/scope.js";

const form = document.getElementById("editor");
const preview = document.getElementById("preview");
const outside = document.getElementById("outside");
const seen = (name) => document.querySelector(`[data-seen="${name}"]`);
let field = form.elements.body;

async function look() {
  const asked = new URLSearchParams(new FormData(form));
  const answer = await ask(form.dataset.preview, { method: "POST", body: asked, headers: { Accept: "application/json" } }).catch(() => null);
  // Somebody went on typing: another look is on its way.
  if (!answer || String(asked) !== String(new URLSearchParams(new FormData(form)))) return;
  if (answer.ok || answer.status === 422) tell(await answer.json());
}

function tell(told) {
  const errors = told.errors ?? {};
  for (const place of form.querySelectorAll("[data-wrong]")) {
    place.textContent = errors[place.dataset.wrong] ?? "";
    form.elements[place.dataset.wrong]?.classList.toggle("is-invalid", place.dataset.wrong in errors);
  }
  preview.hidden = Boolean(told.errors);
  if (outside) outside.hidden = !told.approved;
  for (const name of ["subject", "body", "approved", "count"]) {
    if (seen(name)) seen(name).textContent = told[name] ?? "";
  }
}

let typing;
function soon() {
  clearTimeout(typing);
  typing = setTimeout(look, 250);
}

form.addEventListener("input", soon);
// Somebody typed before this was loaded, or the browser kept what they had typed.
if (form.elements.body.value !== form.elements.body.defaultValue) soon();
form.elements.customer_id.addEventListener("change", look);
form.addEventListener("focusin", (event) => { if ("template" in event.target.dataset) field = event.target; });
form.addEventListener("click", (event) => {
  const text = event.target.dataset.insert;
  if (!text) return;
  const gap = /[^\s({]$/.test(field.value.slice(0, field.selectionStart)) ? " " : "";
  field.setRangeText(gap + text, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  soon();
});
