// Asks the browser for a passkey, by options as JSON has them, and says its answer as JSON. Not all
// browsers, nor password managers that stand in for them, turn the one into the other themselves.
const known = "PublicKeyCredential" in window;
const BINARY = ["attestationObject", "authenticatorData", "clientDataJSON", "signature", "userHandle"];

/** Why passkeys do not work here, for a person; empty: they do. */
export function trouble(origin) {
  if (location.origin !== origin) return `Passkeys work at ${origin}: open KaiVox there.`;
  return known ? "" : "This browser knows no passkeys: take another one.";
}

/** what: "create" or "get". The answer as JSON; throws what the browser throws. */
export async function ask(what, { publicKey }, more = {}) {
  const credential = await navigator.credentials[what]({ ...more, publicKey: read(publicKey) });
  return JSON.stringify(said(credential));
}

/** For a person, why there is no answer. */
export function why({ name }) {
  if (name === "InvalidStateError") return "This device has a passkey of yours already.";
  if (name === "NotAllowedError") return "It was cancelled, or took too long. Try again.";
  return "This browser could not do it. Try again, or in another browser.";
}

function read(options) {
  const withId = (one) => ({ ...one, id: bytes(one.id) });
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: withId(options.user) }),
    ...(options.excludeCredentials && { excludeCredentials: options.excludeCredentials.map(withId) }),
    ...(options.allowCredentials && { allowCredentials: options.allowCredentials.map(withId) }),
  };
}

function said({ id, type, response }) {
  const told = BINARY.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  const transports = response.getTransports?.();
  return { id, rawId: id, type, response: { ...Object.fromEntries(told), ...(transports && { transports }) } };
}

const bytes = (base64url) =>
  Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
