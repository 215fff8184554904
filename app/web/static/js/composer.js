// Sends without leaving the page, and says why when something cannot be sent.
import { look, toNewest } from "./live.js";
import { ask } from "./scope.js";
import { byTemplate, clearTemplate } from "./template.js";

const form = document.getElementById("composer");
const body = document.getElementById("body");
const error = document.getElementById("composer-error");
const done = document.getElementById("composer-said");
const count = document.getElementById("composer-count");
const files = document.getElementById("files");
const attached = document.getElementById("composer-files");
const thread = document.getElementById("thread");

// What is wrong, and what came of a button; the one takes the other away.
export const say = (wrong, came = "") => { error.textContent = wrong; error.hidden = !wrong; done.textContent = came; };
export const freshToken = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

async function send() {
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  try {
    const answer = await ask(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    if (answer.ok) {
      empty();
      form.elements.client_token.value = freshToken();
      say("");
      resize();
      await toNewest();
      thread.scrollTop = thread.scrollHeight;
    } else {
      const told = await answer.json().catch(() => ({}));
      say(told.error ?? "The message could not be sent. Reload the page and try again.");
    }
  } catch {
    // The token stays: sending again makes no second message.
    say("No connection. The text is kept: send it again when you are back online.");
  }
  button.disabled = false;
  body.focus();
}

function empty() {
  if (byTemplate()) { clearTemplate(); return; }
  body.value = "";
  form.elements.subject.value = "";
  files.value = "";
  tellFiles();
}

// A letter has paragraphs: there Enter begins one, and Ctrl+Enter sends.
const isLetter = () => Boolean(form.querySelector("[name=channel]:checked")?.dataset.hasSubject);

function resize() {
  // A text that is hidden has no height.
  if (!byTemplate()) fit();
  tell();
}

function fit() {
  body.style.height = "auto";
  body.style.height = `${Math.min(body.scrollHeight + 2, 176)}px`;
}

// Which files go along, and how to leave them out again.
function tellFiles() {
  const names = [...files.files].map((file) => file.name).join(", ");
  attached.textContent = names ? `${names} ` : "";
  if (!names) return;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "second-thought";
  remove.textContent = "Remove";
  remove.addEventListener("click", () => { files.value = ""; tellFiles(); body.focus(); });
  attached.append(remove);
}

// What the text costs: counted by the server, as it would be sent.
let typing;
function tell() {
  clearTimeout(typing);
  const channel = form.querySelector("[name=channel]:checked");
  const longest = Number(channel?.dataset.longest ?? 1600);
  const over = body.value.length > longest;
  count.textContent = over ? `${body.value.length.toLocaleString("en")} of ${longest.toLocaleString("en")} characters: too long` : "";
  count.classList.toggle("over", over);
  if (!over && !byTemplate() && body.value.trim() && channel?.dataset.billed) typing = setTimeout(tellPrice, 250);
}

async function tellPrice() {
  const asked = body.value;
  const answer = await ask("/messages/segments", {
    method: "POST",
    body: new URLSearchParams({ body: asked }),
    headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
  }).catch(() => null);
  if (!answer?.ok || body.value !== asked) return;
  const told = await answer.json();
  count.textContent = `${told.segments} SMS ${told.segments === 1 ? "segment" : "segments"} (${told.encoding}), ${told.left} characters left`;
}

if (form) {
  form.addEventListener("submit", (event) => { event.preventDefault(); if (byTemplate() || body.value.trim() || files.files.length) send(); });
  body.addEventListener("keydown", (event) => {
    const sends = isLetter() ? event.ctrlKey || event.metaKey : !event.shiftKey && matchMedia("(pointer: fine)").matches;
    if (event.key === "Enter" && sends && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  files.addEventListener("change", tellFiles);
  body.addEventListener("input", resize);
  document.getElementById("channels").addEventListener("change", tell);
  resize();
}

// The buttons on messages act without leaving the page, too.
const secondThoughts = document.getElementById("second-thoughts");
secondThoughts?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await ask(event.submitter.formAction, {
    method: "POST",
    body: new FormData(secondThoughts),
    headers: { Accept: "application/json" },
  });
  const told = await answer.json().catch(() => ({}));
  say(told.error ?? "", told.said);
  // What is tried again is a new message.
  await (answer.ok && event.submitter.formAction.endsWith("/again") ? toNewest() : look());
});
