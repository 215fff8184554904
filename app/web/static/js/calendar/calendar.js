// Keeps the calendar as it is on the server, and moves what is dragged to another slot. With the
// keyboard or a finger the same is done in the appointment's form.
import { show } from "./moved.js";
import { ask } from "../live/scope.js";
import { refetch } from "../live/refetch.js";
import { listen } from "../live/stream.js";

const MINUTE_MS = 60_000;
const calendar = document.getElementById("calendar");
const wrong = document.getElementById("calendar-wrong");
let dragged = null;
// Whether a finger is down: a block that is replaced now can be dragged no more.
let pressed = false;

// What is dragged stays under the hand, and whoever goes by keyboard where they are.
async function look() {
  if (dragged || pressed || document.hidden) return;
  const focused = calendar.contains(document.activeElement) && document.activeElement.getAttribute("href");
  try { await refetch(calendar, () => dragged || pressed); } catch { return; /* The next look will tell. */ }
  if (focused) calendar.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

// anyway: the answer to the question that the server put before.
async function move(block, slot, anyway = "") {
  const to = { starts_at: slot.dataset.start, seen: block.dataset.seen, bar: "1", anyway };
  if ("person" in slot.dataset) to.staff_member_id = slot.dataset.person;
  const answer = await ask(block.dataset.move, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": calendar.dataset.token },
    body: new URLSearchParams(to),
  });
  wrong.hidden = true;
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return show(told.bar);
  if (told.question) {
    if (confirm(told.question)) await move(block, slot, told.anyway);
    return;
  }
  wrong.hidden = false;
  wrong.textContent = told.error ?? "It could not be moved. Try again.";
}

calendar.addEventListener("pointerdown", () => { pressed = true; });
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => {
    if (!pressed) return;
    pressed = false;
    look();
  });
}
calendar.addEventListener("dragstart", (event) => {
  dragged = event.target.closest(".cal-block");
  calendar.classList.add("cal-dragging");
});
// Also as soon as it is dropped: of a block that was fetched anew since, nothing tells the end.
function letGo() {
  calendar.classList.remove("cal-dragging");
  dragged = null;
  pressed = false;
}
calendar.addEventListener("dragend", () => {
  if (!dragged) return;
  letGo();
  look();
});
calendar.addEventListener("dragover", (event) => {
  if (dragged && event.target.closest(".cal-slot")) event.preventDefault();
});
calendar.addEventListener("drop", async (event) => {
  const slot = event.target.closest(".cal-slot");
  if (!dragged || !slot) return;
  event.preventDefault();
  const block = dragged;
  letGo();
  try { await move(block, slot); } catch { wrong.hidden = false; wrong.textContent = "It could not be moved. Try again."; }
  look();
});

// An emptied date names no day.
document.querySelector(".cal-jump").addEventListener("change", (event) => {
  if (event.target.value || event.target.type !== "date") event.target.form.submit();
});
document.addEventListener("visibilitychange", look);
listen((changed) => { if (changed === "*" || changed === "appointments") look(); });
setInterval(look, MINUTE_MS);
