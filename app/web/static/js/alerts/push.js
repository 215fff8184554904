// This browser's push subscription (Push API, W3C): made on the page Alerts, and told to the server
// once for each session, for it is told of nothing after that.
import { ask } from "../live/scope.js";

const PATH = "/settings/alerts/";
const wants = document.querySelector("meta[name=alerts]")?.dataset ?? {};
export const possible = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const worker = () => navigator.serviceWorker.register(`${PATH}worker.js`, { scope: "/" });
export const subscription = async () => (await (await worker()).pushManager.getSubscription());

export async function post(said) {
  const answer = await ask(`${PATH}subscription`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
    body: JSON.stringify(said),
  });
  if (!answer.ok) throw new Error("not kept");
}

// Where the server's key is another by now, the old subscription is of no use.
export async function subscribe(applicationServerKey) {
  const { pushManager } = await worker();
  const options = { userVisibleOnly: true, applicationServerKey };
  const made = await pushManager.subscribe(options).catch(async () => {
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe(options);
  });
  await post(made.toJSON());
}

async function keep() {
  if (!wants.notify || !possible || sessionStorage.getItem("pushed") === wants.session) return;
  if (Notification.permission !== "granted" || !await subscription()) return;
  await subscribe(wants.key);
  sessionStorage.setItem("pushed", wants.session);
}

keep().catch(() => { /* The next page tries again. */ });
