// Looks anew when somebody comes back: to the tab, from another window after a while, from another
// page by the back button (back-forward cache), or into the net.
const AWAY_MS = 30_000;

export function onReturn(look) {
  let left = Infinity;
  addEventListener("blur", () => { left = performance.now(); });
  addEventListener("focus", () => { if (performance.now() - left > AWAY_MS) look(); left = Infinity; });
  addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  addEventListener("online", () => look());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
}
