// The bar after a drag: who is told of it, and the way back.
import { ask } from "../live/scope.js";

const place = document.getElementById("calendar-moved");

export function show(bar) {
  place.innerHTML = bar;
}

async function send(path, form) {
  const answer = await ask(path, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form) });
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) show(told.bar);
  else say(form, told.error ?? "That did not work. Try again.");
  return answer.ok;
}

function say(form, text) {
  const line = form.querySelector("[role=alert]") ?? form.appendChild(document.createElement("p"));
  line.setAttribute("role", "alert");
  line.textContent = text;
}

place.addEventListener("submit", async (event) => {
  event.preventDefault();
  try { await send(event.target.action, event.target); } catch { say(event.target, "It could not be undone. Try again."); }
});
place.addEventListener("change", async (event) => {
  const { form } = event.target;
  const done = await send(form.dataset.tell, form).catch(() => say(form, "That did not work. Try again."));
  if (!done) event.target.checked = !event.target.checked;
  place.querySelector("[type=checkbox]")?.focus();
});
place.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) place.replaceChildren();
});
