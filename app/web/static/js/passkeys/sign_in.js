// The sign-in page: a passkey by its button, or out of the list that the browser opens under Email.
import { ask, trouble, why } from "./webauthn.js";

// Shorter than what was asked holds (app/web/sign_in/passkey_answer.py).
const HOLDS = 4 * 60 * 1000;
const form = document.querySelector("form[data-passkey-options]");
const [button, wrong] = [form.querySelector("button"), form.querySelector(".wrong")];
let waiting = null;

async function options() {
  const headers = { "X-CSRFToken": form.elements.csrf_token.value };
  const answer = await fetch(form.dataset.passkeyOptions, { method: "POST", headers });
  if (!answer.ok) throw new Error("not asked");
  return answer.json();
}

/** Asks once; whatever was asked before is over, as browsers take one question at a time. */
async function signIn(more) {
  waiting?.abort();
  const mine = (waiting = new AbortController());
  const asked = await options();
  if (mine.signal.aborted) return;
  form.elements.answer.value = await ask("get", asked, { ...more, signal: mine.signal });
  form.submit();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  wrong.textContent = "";
  button.disabled = true;
  await signIn({}).catch((error) => { wrong.textContent = why(error); });
  button.disabled = false;
  offer();
});

/** Without a word where it comes to nothing: nobody has asked for it. */
function offer() {
  const free = document.visibilityState === "visible" && !button.disabled && !form.elements.answer.value;
  if (free) signIn({ mediation: "conditional" }).catch(() => {});
}

if (!trouble(form.dataset.origin)) {
  button.hidden = false;
  if (await PublicKeyCredential.isConditionalMediationAvailable?.()) {
    offer();
    // Of several tabs the one that is seen has asked last.
    document.addEventListener("visibilitychange", offer);
    setInterval(offer, HOLDS);
  }
}
