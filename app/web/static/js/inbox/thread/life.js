// A note, and a day to snooze until, without leaving the page: what is half written below stays.
import { freshToken, say } from "../composing/composer.js";
import { look } from "../live.js";
import { ask } from "../../live/scope.js";

const note = document.getElementById("note-form");

async function post(form, action) {
  try {
    const answer = await ask(action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const told = await answer.json().catch(() => ({}));
    say(answer.ok ? "" : told.error ?? "It could not be done. Reload the page and try again.");
    if (answer.ok) await look();
    return answer.ok;
  } catch {
    // A note's token stays: kept again it is one note.
    say("No connection. Do it again when you are back online.");
    return false;
  }
}

note?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!await post(note, note.action)) return;
  note.elements.body.value = "";
  note.elements.client_token.value = freshToken();
  note.closest("details").open = false;
});

document.getElementById("snooze-form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  post(event.target, event.submitter.formAction);
});
