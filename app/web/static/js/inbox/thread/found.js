// A message that was searched for is shown in the middle of its thread, and stays there while
// pictures load.
import { leaveEnd } from "./stick.js";

function show() {
  const message = /^#message-\d+$/.test(location.hash) && document.querySelector(location.hash);
  if (!message) return;
  leaveEnd();
  message.scrollIntoView({ block: "center" });
}

show();
addEventListener("hashchange", show);
