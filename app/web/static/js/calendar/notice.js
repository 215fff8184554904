// What a customer would be told of a change, while its form is filled in.
import { ask } from "../live/scope.js";
import { typed } from "../widgets/typed.js";

const part = document.getElementById("notice");
const form = part?.closest("form") ?? document.querySelector("form.admin-form");
let last = 0;

async function look() {
  const mine = ++last;
  const answer = await ask(part.dataset.notice, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form) });
  const told = await answer.json().catch(() => ({}));
  if (mine !== last) return;
  if (answer.ok) part.innerHTML = told.part;
  else part.textContent = told.error ?? "";
}

// After a question the form comes back as it was filled in; and a quick hand, or a reload that keeps
// what was typed, may have changed something before this script was there.
if (part && (part.hasAttribute("data-filled") || [...form.elements].some((field) => field.name !== "tell" && typed(field)))) look().catch(() => {});
form?.addEventListener("change", (event) => { if (event.target.name !== "tell") look().catch(() => {}); });
