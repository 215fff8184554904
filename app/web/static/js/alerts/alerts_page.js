// Turns notifications of this device on and off.
import { possible, post, subscribe, subscription } from "./push.js";

const device = document.getElementById("device");
const said = document.getElementById("device-said");
const button = (name) => device.querySelector(`[data-turn=${name}]`);

const NO_SERVICE = "This browser shows them as long as KaiVox is open: it could not be registered with its maker’s push service.";

async function tell(words = "") {
  const allowed = Notification.permission === "granted";
  const on = allowed && await subscription().catch(() => null);
  button("on").hidden = Boolean(on) || Notification.permission === "denied";
  button("off").hidden = !on;
  if (words) said.textContent = words;
  else if (Notification.permission === "denied") said.textContent = "This browser does not let KaiVox show notifications. Allow them in its settings for this site.";
  else said.textContent = on ? "Notifications are on for this device." : "Notifications are off for this device.";
}

async function turnOn() {
  if (await Notification.requestPermission() !== "granted") return tell();
  try { await subscribe(device.dataset.key); } catch { return tell(NO_SERVICE); }
  return tell();
}

async function turnOff() {
  const old = await subscription();
  if (old) { await post({ endpoint: old.endpoint, off: true }); await old.unsubscribe(); }
  return tell();
}

if (device && possible) {
  device.hidden = false;
  const failed = () => tell("That did not work. Try again.");
  button("on").addEventListener("click", () => turnOn().catch(failed));
  button("off").addEventListener("click", () => turnOff().catch(failed));
  tell();
}
