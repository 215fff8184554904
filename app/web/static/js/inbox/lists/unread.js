// How many conversations are unread: in the tab's title, on its icon, and on the installed app's.
import { count as tellBar } from "../../shell/bottom_bar.js";

const list = document.getElementById("talks");
const icon = document.querySelector("link[rel=icon]");
const plain = document.title;

const count = () => Number(list.querySelector("[data-unread]")?.dataset.unread ?? 0);

function tell() {
  const unread = count();
  tellBar(unread);
  document.title = unread ? `(${unread}) ${plain}` : plain;
  const href = unread ? icon.dataset.unread : icon.dataset.read;
  if (icon.getAttribute("href") !== href) icon.href = href;
  // The installed app only has a badge.
  if (unread) navigator.setAppBadge?.(unread).catch(() => {});
  else navigator.clearAppBadge?.().catch(() => {});
}

if (list) {
  icon.dataset.read = icon.getAttribute("href");
  list.addEventListener("shown", tell);
  tell();
}
