// Tests the sign-in without leaving the page, so that the password need not be typed again.
import { ask } from "../live/scope.js";

const form = document.getElementById("mailbox");
const place = document.getElementById("mailbox-said");

function say(ok, text) {
  place.className = `flash ${ok ? "flash-success" : "flash-error"}`;
  place.textContent = text;
  place.hidden = false;
}

form.addEventListener("submit", async (event) => {
  const tests = event.submitter?.hasAttribute("data-tests");
  if (!tests) return;
  event.preventDefault();
  event.submitter.disabled = true;
  place.className = "flash";
  place.textContent = "Signing in …";
  place.hidden = false;
  const answer = await ask(form.dataset.test, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form) }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  event.submitter.disabled = false;
  say(told?.ok, told?.said ?? told?.error ?? "It could not be tried. Wait a minute, then try again.");
});

// The usual port of each kind of encryption, unless another was typed.
form.elements.security.addEventListener("change", ({ target }) => {
  const { port } = form.elements;
  if (["993", "143", ""].includes(port.value)) port.value = target.value === "tls" ? "993" : "143";
});
