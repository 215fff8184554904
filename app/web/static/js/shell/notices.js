// The bell: looked at again when the stream says that somebody was told something, or when whoever
// was away comes back.
import { ask } from "../live/scope.js";

const bells = document.querySelectorAll("[data-bell]");

async function look() {
  const answer = await ask(bells[0].dataset.bell, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const html = await answer.text();
  // Whoever is on it by keyboard stays there.
  for (const bell of bells) {
    if (bell.innerHTML.trim() === html.trim()) continue;
    const held = bell.contains(document.activeElement);
    bell.innerHTML = html;
    if (held) bell.querySelector("a").focus();
  }
}

if (bells.length) {
  document.addEventListener("heard", (event) => { if (event.detail === "notices" || event.detail === "*") look(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
}
