// How long WhatsApp still takes free text, minute by minute; when that is over, the server says
// what it takes instead.
import { look } from "../live.js";

const form = document.getElementById("composer");
const TICK_MS = 1000;
const ASK_AGAIN_MS = 5000;
// The clock of this computer may be wrong.
const skew = Number(form?.dataset.now) - Date.now();

function words(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
  return minutes ? `${minutes} min left` : "under 1 min left";
}

function tick() {
  let over = false;
  for (const left of form.querySelectorAll("[data-ends]")) {
    const ms = Number(left.dataset.ends) - Date.now() - skew;
    if (ms <= 0) over = true;
    const text = words(Math.max(ms, 0));
    if (left.textContent !== text) left.textContent = text;
    left.classList.toggle("soon", ms < 3_600_000);
  }
  if (over) look(form.elements.customer_id.value);
  setTimeout(tick, over ? ASK_AGAIN_MS : TICK_MS);
}

if (form) tick();
