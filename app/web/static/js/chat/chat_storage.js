// Where the token is kept: the frame's own storage, the page's (by the loader), else this page's memory.
// A browser that blocks storage in frames of others throws on the mere name of it.
import { config } from "./chat_config.js";

const KEY = `kaivox-chat:${config.base}`;

export function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

// Whether it will be found again.
export function store(token) {
  try {
    if (token) localStorage.setItem(KEY, token); else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}

// Another tab of the same site has begun or ended the chat.
export const onStored = (changed) => addEventListener("storage", ({ key, newValue }) => {
  if (key === KEY) changed(newValue);
});
