// Tells that one looks at the open conversation or types in it, and shows who else does.
import { ask, hasLeft } from "../live/scope.js";

const place = document.getElementById("here");
const body = document.getElementById("body");
const BEAT_MS = 15_000;
// Whoever stops for so long types no more.
const PAUSE_MS = 6000;
let typedAt = -Infinity;
let told = "";

const typing = () => body.value.trim() && performance.now() - typedAt < PAUSE_MS;
const doing = () => (document.hidden ? "gone" : typing() ? "typing" : "looking");

async function tell(what = doing()) {
  if (hasLeft()) return;
  told = what;
  const answer = await ask(place.dataset.presence, {
    method: "POST",
    keepalive: true,
    headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
    body: new URLSearchParams({ doing: what }),
  }).catch(() => null);
  const said = answer?.ok ? (await answer.json().catch(() => ({}))).said ?? "" : "";
  if (place.textContent === said) return;
  place.textContent = said;
  // Whether a visitor of the live chat is still there stands beside the channels, too.
  dispatchEvent(new Event("present"));
}

const tellChange = () => { if (doing() !== told) tell(); };

if (place) {
  tell();
  setInterval(() => { if (!document.hidden) tell(); }, BEAT_MS);
  setInterval(tellChange, 1000);
  body.addEventListener("input", () => { typedAt = performance.now(); tellChange(); });
  document.addEventListener("visibilitychange", tellChange);
  addEventListener("pagehide", () => tell("gone"));
  addEventListener("pageshow", (event) => { if (event.persisted) tell(); });
  // What is told to the page (live.js): a customer's id after the word.
  const here = `here-${new URL(place.dataset.presence, location).pathname.split("/")[2]}`;
  addEventListener("told", (event) => { if (event.detail === here) tell(); });
}
