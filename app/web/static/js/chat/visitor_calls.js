// What is asked of the server, by the visitor's token. A session begins with the first thing that is
// said, or at once where the business's site says who they are.
import { config } from "./chat_config.js";
import { store, stored } from "./chat_storage.js";
import { tell } from "./host_page.js";

const PATIENCE_MS = 20000;
// Before the token of somebody whom the site has signed in: it is theirs as long as the site says so.
const SIGNED_IN = "u:";
export const me = { token: null, identity: "", page: {}, kept: true };
let beginning;

export class Refused extends Error {
  constructor(status, { code = "", error = "" }) {
    super(error);
    Object.assign(this, { status, code });
  }
}

export async function call(method, path, { body, form, lasting = false } = {}) {
  const headers = { Accept: "application/json" };
  if (me.token) headers.Authorization = `Bearer ${me.token}`;
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(config.base + path, {
    method, headers, body: form ?? (body && JSON.stringify(body)), cache: "no-store", credentials: "omit",
    keepalive: lasting, signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, told);
  return told;
}

// Takes up what is kept of a chat before: in the frame's storage, else in the page's.
export async function resume(kept) {
  const found = stored() || kept || "", signedIn = found.startsWith(SIGNED_IN);
  me.token = signedIn === Boolean(me.identity) ? found.replace(SIGNED_IN, "") || null : null;
  if (me.identity) await begin();
}

export const ensure = () => (me.token ? Promise.resolve() : begin());

function begin() {
  beginning ??= asked(me.identity).finally(() => { beginning = undefined; });
  return beginning;
}

async function asked(identity) {
  const about = { key: config.key, page_url: me.page.url, page_title: me.page.title };
  try {
    const told = await call("POST", `/session?lang=${config.language}`, { body: { ...about, identity } });
    keep(told.token, told.verified);
  } catch (error) {
    if (error.code !== "bad_identity") throw error;
    tell("refused", { why: error.message });
    me.identity = "";
    if (config.identity === "enforce") throw new Refused(403, { code: "sign_in" });
    me.token = null;
    await asked("");
  }
}

function keep(token, signedIn) {
  me.token = token;
  const kept = (signedIn ? SIGNED_IN : "") + token;
  // The loader says whether the page keeps it.
  me.kept = store(kept);
  tell("token", { token: kept });
}

export function forget() {
  me.token = null;
  store(null);
  tell("token", { token: null });
}
