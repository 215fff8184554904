// What is typed is kept on the server a moment later, for whoever typed it: it is there again after
// a reload, and on another computer.
import { look } from "../live.js";
import { ask } from "../../live/scope.js";

const form = document.getElementById("composer");
const AFTER_MS = 700, AGAIN_MS = 5000;
let timer, saving = Promise.resolve(), known, isKept;

function typed() {
  const { body, subject, client_token } = form.elements;
  const channel = form.querySelector("[name=channel]:checked")?.value ?? "";
  return new URLSearchParams({ body: body.value, subject: subject.value, channel, client_token: client_token.value });
}

const post = (what, more) => ask(form.dataset.draft, {
  method: "POST",
  body: what,
  headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
  ...more,
});

// One after the other, so that an older text never comes after a newer one.
async function save() {
  const what = typed();
  if (`${what}` === known) return;
  try {
    const answer = await post(what);
    if (!answer.ok) return;
    known = `${what}`;
    tell((await answer.json()).kept);
  } catch { keepSoon(AGAIN_MS); /* Offline. */ }
}

// Of no conversation anything is new but of the list.
export const NOBODY = 0;

// The list says at which customers one has begun to write.
function tell(kept) {
  if (kept !== isKept) look(NOBODY);
  isKept = kept;
}

export function keep() {
  clearTimeout(timer);
  saving = saving.then(save);
  return saving;
}

export function keepSoon(ms = AFTER_MS) {
  clearTimeout(timer);
  timer = setTimeout(keep, ms);
}

// While it is sent nothing more is kept; what is under way the server knows to be of the same form.
export function wait() { clearTimeout(timer); }

// Whether the server has it as it stands here: then it is sent from no other window, too.
export const asKept = () => Boolean(isKept) && `${typed()}` === known;

// The server has nothing of what stands here.
export function unlike() { known = undefined; isKept = false; }

// What stands there now is what the server has.
export function inStep() {
  known = `${typed()}`;
  isKept = Boolean(form.elements.body.value.trim() || form.elements.subject.value.trim());
}

if (form) {
  inStep();
  form.elements.body.addEventListener("input", () => keepSoon());
  form.elements.subject.addEventListener("input", () => keepSoon());
  // Whoever leaves within that moment loses nothing.
  addEventListener("pagehide", () => { if (`${typed()}` !== known) post(typed(), { keepalive: true }).catch(() => {}); });
}
