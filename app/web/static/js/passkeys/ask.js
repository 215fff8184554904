// A form whose answer a passkey gives: it asks by itself as the page opens where it says so, and
// again as often as the button is pressed.
import { ask, trouble, why } from "./webauthn.js";

const form = document.querySelector("form[data-passkey]");
const [button, wrong] = [form.querySelector("button"), form.querySelector(".wrong")];

async function answer() {
  wrong.textContent = "";
  button.disabled = true;
  try {
    form.elements.answer.value = await ask(form.dataset.passkey, JSON.parse(form.dataset.options));
    form.submit();
  } catch (error) {
    wrong.textContent = why(error);
    button.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  answer();
});
wrong.textContent = trouble(form.dataset.origin);
button.hidden = wrong.textContent !== "";
if ("atOnce" in form.dataset && !button.hidden) answer();
