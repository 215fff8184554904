// What is asked of the server, by the visitor's token. A session begins with the first thing that is
// said, or at once where the business's site says who they are.
import { at, config, show, words } from "./chat_config.js";
import { store, stored } from "./chat_storage.js";
import { prove } from "./proof_of_work.js";
import { tell } from "./host_page.js";

const PATIENCE_MS = 20000;
// How often one thing is worked for; and after how long it is said that somebody waits for that.
const MOST_PROOFS = 2, WONDERS_MS = 700;
// Before the token of somebody whom the site has signed in: it is theirs as long as the site says so.
const SIGNED_IN = "u:";
export const me = { token: null, identity: "", page: {}, kept: true };
let beginning;

export class Refused extends Error {
  constructor(status, { code = "", error = "" }, seconds = 0) {
    super(error);
    // After so many seconds it may be tried again.
    Object.assign(this, { status, code, seconds });
  }
}

export async function call(method, path, { body, form, lasting = false, proofs = 0 } = {}) {
  const headers = { Accept: "application/json" };
  if (me.token) headers.Authorization = `Bearer ${me.token}`;
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(config.base + path, {
    method, headers, body: form ?? (body && JSON.stringify(body)), cache: "no-store", credentials: "omit",
    keepalive: lasting, signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  if (told.challenge && body && proofs < MOST_PROOFS) {
    return call(method, path, { body: { ...body, proof: await worked(told.challenge) }, lasting, proofs: proofs + 1 });
  }
  throw new Refused(answer.status, told, Number(answer.headers.get("Retry-After")));
}

async function worked(challenge) {
  const notice = at("notice"), wonders = setTimeout(() => show(notice, words.checking), WONDERS_MS);
  try {
    return await prove(challenge);
  } finally {
    clearTimeout(wonders);
    if (notice.textContent === words.checking) show(notice, "");
  }
}

// What only a program fills in.
export const extra = () => {
  const { value } = at(config.honeypot);
  return value ? { [config.honeypot]: value } : {};
};

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
  const about = { key: config.key, page_url: me.page.url, page_title: me.page.title, ...extra() };
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
