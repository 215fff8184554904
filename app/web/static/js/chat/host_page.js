// The loader on the business's page, which we speak to by messages. It is the one that framed us (only
// its sites may); its origin is known from its first word on, and nothing is told before that.
let origin;
const hearers = {};

export const on = (what, hear) => { hearers[what] = hear; };
export const tell = (what, more = {}) => {
  if (origin) parent.postMessage({ kaivox: what, ...more }, origin);
};

addEventListener("message", ({ data, source, origin: from }) => {
  if (source !== parent || (origin && from !== origin) || typeof data?.kaivox !== "string") return;
  origin ??= from;
  hearers[data.kaivox]?.(data);
});

// With nothing in it, it may be heard by anybody.
export const ready = () => parent.postMessage({ kaivox: "ready" }, "*");
