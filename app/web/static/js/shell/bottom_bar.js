// How many conversations are unread, beside Inbox in the bar of a telephone. The inbox knows it from
// its list; any other page asks when it opens, and when somebody comes back to it.
import { onReturn } from "../live/returns.js";
import { ask } from "../live/scope.js";

const place = document.querySelector("[data-unread-count]");
const narrow = matchMedia("(max-width: 767.98px)");

export function count(unread) {
  if (!place) return;
  place.className = unread ? "unread" : "";
  place.innerHTML = "";
  if (unread) place.append(unread > 99 ? "99+" : unread, Object.assign(document.createElement("span"), { className: "sr-only", textContent: " unread" }));
}

async function look() {
  if (!narrow.matches) return;
  const answer = await ask(place.dataset.unreadCount, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok && !answer.redirected) count((await answer.json()).unread);
}

if (place && !document.getElementById("talks")) {
  look();
  narrow.addEventListener("change", look);
  onReturn(look);
}
