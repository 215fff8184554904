// The order of rules: dragged by its grip, or moved by its buttons; the server answers with the list.
import { ask } from "../live/scope.js";

const place = document.getElementById("rules");
const said = document.getElementById("order-said");
const items = () => [...place.querySelectorAll("[data-id]")];

function showGrips() {
  for (const grip of place.querySelectorAll("[data-grip]")) grip.hidden = false;
}

async function move(form, to) {
  const body = new FormData(form);
  body.set("to", to);
  const answer = await ask(`${form.action}?part=list`, { method: "POST", body });
  if (!answer.ok) return location.reload();
  place.innerHTML = await answer.text();
  showGrips();
  const now = items().find((item) => item.dataset.id === form.dataset.move);
  if (now) said.textContent = `${now.dataset.name} is number ${items().indexOf(now) + 1} of ${items().length} now.`;
}

// By a button: the focus stays on it, or goes to its neighbour at the end of the way.
place.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.move) return;
  event.preventDefault();
  const button = event.submitter;
  await move(form, button.value);
  const again = document.getElementById(button.id);
  const other = [...(again?.closest(".auto-order").querySelectorAll("button") ?? [])].find((each) => !each.disabled);
  (again?.disabled ? other : again)?.focus();
});

// By the grip: the others go round the one that is dragged, which stays in the document all the
// while, for whatever is taken out of it loses its pointer.
place.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button !== 0) return;
  event.preventDefault();
  const item = grip.closest("[data-id]");
  const began = items();
  item.classList.add("auto-dragged");
  grip.setPointerCapture(event.pointerId);
  grip.onpointermove = ({ clientY }) => {
    const others = items().filter((each) => each !== item);
    for (const each of others) if (middle(each) <= clientY && isBelow(each, item)) item.before(each);
    for (const each of others.reverse()) if (middle(each) > clientY && !isBelow(each, item)) item.after(each);
  };
  grip.onlostpointercapture = () => {
    grip.onpointermove = grip.onlostpointercapture = null;
    item.classList.remove("auto-dragged");
    const to = items().indexOf(item);
    if (to !== began.indexOf(item)) move(item.querySelector("[data-move]"), to);
  };
  grip.onpointercancel = () => {
    grip.onlostpointercapture = null;
    location.reload();
  };
});

const isBelow = (one, other) => Boolean(other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);

function middle(item) {
  const box = item.getBoundingClientRect();
  return box.top + box.height / 2;
}

showGrips();
