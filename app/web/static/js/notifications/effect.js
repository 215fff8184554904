// What saving the settings would change of the messages to come, while they are being changed.
import { ask } from "../live/scope.js";

const form = document.getElementById("rules");
const place = document.getElementById("effect");
const given = () => new URLSearchParams(new FormData(form));

async function look() {
  const asked = given();
  const answer = await ask(form.dataset.effect, { method: "POST", body: asked, headers: { Accept: "text/html" } }).catch(() => null);
  // Somebody went on changing: another look is on its way.
  if (!answer || String(asked) !== String(given())) return;
  // Nothing rather than what would no longer hold.
  place.innerHTML = answer.ok ? await answer.text() : "";
  // What is being changed is not hidden by what that would do.
  if (form.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
}

let changing;
form.addEventListener("input", () => {
  clearTimeout(changing);
  changing = setTimeout(look, 300);
});
