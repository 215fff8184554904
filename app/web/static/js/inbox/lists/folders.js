// What stands under More is fetched when it is opened; without this it leads to a page of its own.
import { ask } from "../../live/scope.js";

document.addEventListener("toggle", async (event) => {
  const menu = event.target;
  if (!menu.open || !menu.dataset?.part) return;
  const answer = await ask(menu.dataset.part, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.ok && !answer.redirected) menu.querySelector(".menu-list").innerHTML = await answer.text();
}, { capture: true });
