// What is written: sent once, by its client_token, however often it is tried.
import { at, config, fill, show, words } from "./chat_config.js";
import * as outbox from "./chat_outbox.js";
import * as thread from "./chat_thread.js";
import { call, ensure, extra, Refused } from "./visitor_calls.js";

const field = at("body"), wrong = at("wrong"), reach = at("reach");
const TYPING_MS = 5000;
const LARGEST = 10 * 1024 * 1024;
let typedAt = 0, still, sent = () => {}, doing = () => {};
const is = { open: true, reachable: false, left: false };
const HOURS = { open: true, said: "" };

export function init(after, tells) {
  sent = after;
  doing = tells;
}

// How it stands: whether somebody is there, and whether they can be reached.
export function stands({ hours = HOURS, reachable, may_attach: may }) {
  is.open = hours.open;
  is.reachable = reachable;
  at("hours").textContent = hours.said.charAt(0).toUpperCase() + hours.said.slice(1);
  at("attach").hidden = !may;
  const asks = !reachable && (!hours.open || !thread.empty());
  // Nobody is there: what is left must say how to answer. Else it is in nobody's way.
  if (asks && reach.hidden) reach.open = !hours.open;
  reach.hidden = !asks;
  at("reach-save").hidden = !hours.open || thread.empty();
  at("reach-said").textContent = hours.open ? words.reach : fill(words.closed, { hours: hours.said });
}

const contact = () => Object.fromEntries(["name", "email", "phone"].map((each) => [each, at(each).value.trim()]));
function says(error) {
  const minutes = Math.ceil(error.seconds / 60);
  if (error.code === "too_fast" && minutes > 1) return fill(words.too_fast_minutes, { minutes });
  return (error instanceof Refused && words.errors[error.code]) || words.trouble;
}

at("composer").onsubmit = (event) => {
  event.preventDefault();
  const body = field.value.trim();
  if (!body) return;
  const given = contact(), needed = !is.open && !is.reachable;
  if (needed && !given.email && !given.phone) {
    show(at("reach-wrong"), words.reach_needed);
    reach.open = true;
    at("email").focus();
    return;
  }
  field.value = "";
  grow();
  show(wrong, "");
  const token = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  const told = { body, client_token: token, ...(is.reachable ? {} : given), ...extra() };
  thread.begin(token, body, []);
  post(token, () => call("POST", "/messages", { body: told }), { needed, body });
};

function post(token, send, { needed = false, body = "" } = {}) {
  const again = () => outbox.queue(one);
  const one = {
    attempt: () => attempt(token, send, { needed, body, again }),
    stalled: () => thread.state(token, words.not_sent, outbox.drain),
  };
  outbox.queue(one);
}

// Whether it is done with. What was refused is tried again only by hand; what had no connection, or met
// a server in trouble, keeps its place.
async function attempt(token, send, { needed, body, again }) {
  // The chat is over, and with it what waited.
  if (!thread.waits(token)) return true;
  thread.state(token, words.sending);
  try {
    await ensure();
    thread.settle(token, await send());
    if (needed) show(at("notice"), words.left);
    show(wrong, "");
    show(at("reach-wrong"), "");
    doing("looking");
    sent();
    return true;
  } catch (error) {
    return refused(error, token, again, body);
  }
}

function refused(error, token, again, body) {
  if (!(error instanceof Refused)) return false;
  const place = error.code.startsWith("bad_") && !reach.hidden ? at("reach-wrong") : wrong;
  show(place, says(error));
  if (error.status >= 500) return false;
  thread.state(token, words.not_sent, again);
  if (error.status === 401) {
    // Over: the words are theirs to send in a new one.
    sent(error);
    field.value ||= body;
    grow();
  }
  return true;
}

at("reach-form").onsubmit = async (event) => {
  event.preventDefault();
  const given = contact();
  if (!given.email && !given.phone) { show(at("reach-wrong"), words.reach_needed); return; }
  try {
    await ensure();
    await call("POST", "/contact", { body: given });
    show(at("reach-wrong"), "");
    show(at("notice"), words.reach_saved);
    field.focus();
    sent();
  } catch (error) {
    show(at("reach-wrong"), says(error));
  }
};

at("attach").onclick = () => at("file").click();
at("file").onchange = () => {
  const [file] = at("file").files;
  at("file").value = "";
  if (!file) return;
  if (file.size > LARGEST) { show(wrong, words.errors.file_too_large); return; }
  const token = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  thread.begin(token, "", [{ name: file.name, picture: false, url: null }]);
  post(token, () => {
    const form = new FormData();
    form.append("file", file);
    form.append("client_token", token);
    return call("POST", "/files", { form });
  });
};

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, 140)}px`;
}

field.oninput = () => {
  grow();
  clearTimeout(still);
  still = setTimeout(() => { typedAt = 0; doing("looking"); }, TYPING_MS + 1000);
  if (Date.now() - typedAt < TYPING_MS) return;
  typedAt = Date.now();
  doing("typing");
};
field.onkeydown = (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  at("composer").requestSubmit();
};

// From now on it is known who writes: what is written goes out.
export const ready = () => { field.disabled = false; };
// What did not go out while there was no connection.
export const retry = outbox.drain;
export const typing = () => Date.now() - typedAt < TYPING_MS;
export const focus = () => (reach.hidden || !reach.open ? field : at("name")).focus();
export const colours = () => {
  document.documentElement.style.setProperty("--colour", config.colour);
  document.documentElement.style.setProperty("--ink", config.ink);
};
