// The buttons on messages act without leaving the page, too; what is taken back stands in the
// composer again.
import { addFile, clearFiles } from "../composing/attach.js";
import { resize } from "../composing/composer.js";
import { inStep, keep } from "../composing/draft.js";
import { look, toNewest } from "../live.js";
import { say } from "../composing/say.js";
import { ask } from "../../live/scope.js";

const buttons = document.getElementById("second-thoughts");
const composer = document.getElementById("composer");

function putBack({ body, subject, channel, files }) {
  const choice = composer.querySelector(`[name=channel][value="${CSS.escape(channel)}"]:not(:disabled)`);
  if (choice) { choice.checked = true; choice.dispatchEvent(new Event("change", { bubbles: true })); }
  composer.elements.body.value = body;
  composer.elements.subject.value = subject;
  clearFiles();
  files.forEach(addFile);
  inStep();
  resize();
  composer.elements.body.focus();
}

const later = document.getElementById("later-form");

// A double click is one: its second would be told that it is too late.
const under = new Set();

async function press(event) {
  event.preventDefault();
  const { formAction } = event.submitter;
  if (under.has(formAction)) return;
  under.add(formAction);
  let show = look;
  try { show = await act(event); } catch {
    say("No connection. Whether it was done stands in the conversation when you are back online.");
  }
  under.delete(formAction);
  show();
}

// Returns what is to be looked at then.
async function act(event) {
  const { formAction } = event.submitter;
  const bubble = event.submitter.closest(".msg");
  // What stands there is kept before something is put beside it.
  if (/\/(undo|edit)$/.test(formAction)) await keep();
  const answer = await ask(formAction, { method: "POST", body: new FormData(event.target), headers: { Accept: "application/json" } });
  const told = await answer.json().catch(() => ({}));
  say(answer.ok ? "" : told.error ?? "It could not be done. Reload the page and try again.", told.said);
  if (told.draft) { bubble.remove(); putBack(told.draft); }
  // What is tried again is a new message.
  return answer.ok && formAction.endsWith("/again") ? toNewest : look;
}

buttons?.addEventListener("submit", press);
later?.addEventListener("submit", press);
