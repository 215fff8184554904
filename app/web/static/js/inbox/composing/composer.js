// Sends without leaving the page, and says why when something cannot be sent.
import { clearFiles, hasFiles, isUploading, uploaded } from "./attach.js";
import { tell } from "./cost.js";
import { NOBODY, asKept, inStep, keepSoon, unlike, wait } from "./draft.js";
import { look, toNewest } from "../live.js";
import { say } from "./say.js";
import { ask } from "../../live/scope.js";
import { byTemplate, clearTemplate } from "./template.js";

export { say };

const form = document.getElementById("composer");
const body = document.getElementById("body");
const thread = document.getElementById("thread");
const sendKey = document.getElementById("send-key");

export const freshToken = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

// One after the other: what is typed, and sent, while one is on its way goes next if that went.
let busy = false, next = null;
const hasText = () => body.value.trim() || hasFiles();

async function send(submitter) {
  if (busy) { next = byTemplate() ? null : { submitter }; return; }
  busy = true;
  const went = await sendOne(submitter);
  const following = next;
  [busy, next] = [false, null];
  if (went && following && hasText()) send(following.submitter);
}

// Whoever presses Enter and goes on to the next conversation has sent it. A browser lets no more than
// 64 KB outlive a page (Fetch, keepalive); a sign has four bytes at most.
const KEEPS_ALIVE = 15_000;

// Whether it went.
async function sendOne(submitter) {
  let went = false;
  const button = form.querySelector(".composer-row [type=submit]");
  const text = body.value, drafted = asKept() ? "1" : "";
  button.disabled = true;
  try {
    wait();
    if (isUploading()) await uploaded();
    const fields = new FormData(form, submitter);
    // As it was when it was sent, whatever is typed since.
    fields.set("body", text);
    fields.set("drafted", drafted);
    const answer = await ask(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" }, keepalive: text.length < KEEPS_ALIVE });
    went = answer.ok;
    if (went) sent(fields, (await answer.json()).said);
    else await refused(answer);
  } catch {
    // The token stays: sending again makes no second message.
    say("No connection. The text is kept: send it again when you are back online.");
    keepSoon();
  }
  button.disabled = false;
  body.focus();
  return went;
}

function sent(fields, said) {
  if (byTemplate()) clearTemplate();
  else empty(fields);
  document.getElementById("answering")?.remove();
  form.elements.client_token.value = freshToken();
  if (body.value) { unlike(); keepSoon(); } else inStep();
  say("", said);
  resize();
  look(NOBODY);
  toNewest().then(() => { thread.scrollTop = thread.scrollHeight; });
}

async function refused(answer) {
  const told = await answer.json().catch(() => ({}));
  say(told.error ?? "The message could not be sent. Reload the page and try again.");
  // What the form was has gone already: pressed again, it is a message of its own.
  if (told.anew) { form.elements.client_token.value = freshToken(); unlike(); }
  keepSoon();
}

// Of all but what was typed or attached while it was on its way.
function empty(fields) {
  const text = fields.get("body");
  if (body.value.startsWith(text)) body.value = body.value.slice(text.length).trimStart();
  form.elements.subject.value = "";
  clearFiles(fields.getAll("file_id"));
}

// A letter has paragraphs: there Enter begins one, and Ctrl+Enter sends; as everywhere for those who
// want that.
const isLetter = () => Boolean(form.querySelector("[name=channel]:checked")?.dataset.hasSubject);
const byCtrl = () => isLetter() || "ctrlEnter" in form.dataset;

export function resize() {
  // A text that is hidden has no height.
  if (!byTemplate()) fit();
  tell();
}

function fit() {
  body.style.height = "auto";
  body.style.height = `${Math.min(body.scrollHeight + 2, 176)}px`;
}

function sends(event) {
  if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return false;
  // It chooses from the list that is open.
  if (body.hasAttribute("aria-controls")) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return !byCtrl() && !event.shiftKey && matchMedia("(pointer: fine)").matches;
}

async function choose({ target }) {
  form.toggleAttribute("data-ctrl-enter", target.value === "ctrl");
  const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value };
  await ask(target.dataset.action, { method: "POST", body: new URLSearchParams({ key: target.value }), headers }).catch(() => {});
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (byTemplate() || hasText()) send(event.submitter);
  });
  body.addEventListener("keydown", (event) => {
    if (!sends(event)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  body.addEventListener("input", resize);
  document.getElementById("channels").addEventListener("change", resize);
  document.getElementById("composer-files").addEventListener("change", tell);
  sendKey?.addEventListener("change", choose);
  resize();
}
