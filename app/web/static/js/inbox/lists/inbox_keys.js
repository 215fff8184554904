// e: what is closed makes room for the next conversation of the list.
import { ask } from "../../live/scope.js";

function next() {
  const rows = [...document.querySelectorAll("#talks .talk")];
  const open = rows.findIndex((row) => row.matches("[aria-current]"));
  return rows[open + 1] ?? rows[open - 1] ?? document.querySelector(".thread-back");
}

document.addEventListener("hotkey", async (event) => {
  const button = event.target.closest('[data-then="next"]');
  if (!button) return;
  event.preventDefault();
  const there = next().href;
  const answer = await ask(button.formAction, {
    method: "POST", body: new FormData(button.form), headers: { Accept: "application/json" },
  }).catch(() => null);
  // What is refused is said by the page that says it to everybody.
  if (answer?.ok) location.assign(there); else button.form.requestSubmit(button);
});
