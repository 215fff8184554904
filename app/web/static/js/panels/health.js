// While the page waits for something, it looks every two seconds whether it is there.
import { refetch } from "../live/refetch.js";

const LOOK_MS = 2000;

document.querySelectorAll("[data-live]").forEach((part) => {
  const waits = () => part.querySelector("[data-looking]");
  async function look() {
    try { await refetch(part); } catch { /* The next look will tell. */ }
    if (waits()) setTimeout(look, LOOK_MS);
  }
  if (waits()) setTimeout(look, LOOK_MS / 4);
});
