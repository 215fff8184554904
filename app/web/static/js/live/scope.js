// All that a page's scripts ask for names the page's business. Once another one is worked in, in
// another tab, the server answers 409: the page says so, and looks no more.
import { reaching } from "./connection.js";

export const { business, businessName } = document.querySelector("meta[name=business]").dataset;
const bar = document.getElementById("elsewhere");
let elsewhere = false;
let resolve;

export const left = new Promise((settle) => { resolve = settle; });
export const hasLeft = () => elsewhere;
export const named = (path) => `${path}?business=${business}`;

export async function ask(path, options = {}) {
  // What is posted gets its own answer, to be told where it was typed.
  if (elsewhere && !options.method) throw new Error("another business is worked in");
  const answer = await reaching(fetch(path, { ...options, headers: { ...options.headers, "X-Business": business } }));
  if (answer.status === 409) tell((await answer.clone().json().catch(() => ({}))).business);
  return answer;
}

function tell(name) {
  elsewhere = true;
  bar.querySelector("span").textContent = `You work in ${name || "no business"} now.`;
  bar.hidden = false;
  resolve();
}

bar.querySelector("button").addEventListener("click", () => location.reload());

// What Flask-Admin's forms look up.
const { jQuery } = window;
jQuery?.ajaxSetup({ headers: { "X-Business": business } });
jQuery?.(document).ajaxError((_event, answer) => { if (answer.status === 409) tell(answer.responseJSON?.business); });

// Each page that opens says to those in other tabs in which business one works now.
const tabs = new BroadcastChannel("business");
tabs.onmessage = ({ data }) => { if (business !== "0" && data.business !== business) tell(data.businessName); };
tabs.postMessage({ business, businessName });
