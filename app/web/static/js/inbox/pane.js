// The customer beside the thread: fetched when it is shown, edited in place. Where there is no room
// for three columns it slides over the thread; on a telephone its button is a link to their page.
import { refetch } from "../live/refetch.js";
import { ask } from "../live/scope.js";

const pane = document.getElementById("pane");
const button = document.getElementById("pane-toggle");
const body = document.getElementById("pane-body");
const ROOM = matchMedia("(min-width: 1360px)");
const TELEPHONE = matchMedia("(max-width: 767.98px)");
const KEPT = "pane-closed";

const shown = () => !pane.hidden;
// What somebody is typing is left alone.
const editing = () => body.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");

async function look() {
  if (shown() && !editing()) await refetch(body, editing).catch(() => {});
}

function show(yes) {
  pane.hidden = !yes;
  pane.parentElement.classList.toggle("with-pane", yes);
  button.setAttribute("aria-expanded", String(yes));
  look();
}

function toggle(event) {
  if (TELEPHONE.matches) return;
  event.preventDefault();
  show(!shown());
  if (ROOM.matches) localStorage.setItem(KEPT, shown() ? "" : "1");
  if (shown() && !ROOM.matches) pane.focus();
}

const csrf = document.querySelector("meta[name=csrf-token]").content;
async function post(form, values) {
  const said = form.querySelector(".pane-said");
  const answer = await ask(form.action, { method: "POST", body: new URLSearchParams(values), headers: { Accept: "application/json", "X-CSRFToken": csrf } }).catch(() => null);
  const told = await answer?.json().catch(() => ({}));
  said.textContent = answer?.ok ? "Saved." : told?.error ?? "No connection. It is not saved yet.";
  said.classList.toggle("wrong", !answer?.ok);
  return Boolean(answer?.ok);
}

// Each field is saved as it is left, alone: what a colleague changed beside it stays.
async function save(field) {
  const before = field.defaultValue ?? [...field.options].find((each) => each.defaultSelected)?.value ?? "";
  if (field.value === before || !await post(field.form, { [field.name]: field.value })) return;
  if (field.options) for (const each of field.options) each.defaultSelected = each.selected;
  else field.defaultValue = field.value;
}

if (pane) {
  button.addEventListener("click", toggle);
  body.addEventListener("change", (event) => { if (event.target.closest("#pane-details")) save(event.target); });
  body.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.id === "pane-details") { save(document.activeElement); return; }
    if (!await post(form, new FormData(form))) return;
    if (form.id === "pane-review") form.querySelector(".pane-said").textContent = "It is on its way.";
    form.reset();
    document.activeElement.blur();
    look();
  });
  const close = () => { show(false); button.focus(); };
  pane.addEventListener("keydown", (event) => { if (event.key === "Escape" && !ROOM.matches) close(); });
  document.getElementById("pane-close").addEventListener("click", close);
  document.addEventListener("heard", (event) => {
    if (["*", "appointments", pane.dataset.customer].includes(event.detail)) look();
  });
  if (ROOM.matches && !localStorage.getItem(KEPT)) show(true);
}
