// Whoever opens a conversation finds the list where they left it, and so does who comes back to it.
const talks = document.getElementById("talks");
const key = `place ${talks.dataset.live}`;
const from = document.referrer ? new URL(document.referrer) : null;
const within = /^\/messages\/\d+$/;

function comesFromThisList() {
  if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") return true;
  if (from?.origin !== location.origin) return false;
  return within.test(from.pathname) || (within.test(location.pathname) && /^\/messages\/?$/.test(from.pathname));
}

function leave() { sessionStorage.setItem(key, talks.scrollTop); }

// On a telephone the list is not there beside a conversation: what it was stays kept.
const isShown = () => talks.clientHeight > 0;

if (isShown() && comesFromThisList()) talks.scrollTop = Number(sessionStorage.getItem(key) ?? 0);
if (isShown()) talks.querySelector(".talk[aria-current]")?.scrollIntoView({ block: "nearest" });
addEventListener("pagehide", () => { if (isShown()) leave(); });
