// A part of the page that tells how far something is: fetched again when it hears its word.
import { refetch } from "../live/refetch.js";
import { listen } from "../live/stream.js";

const part = document.querySelector("[data-hears]");
listen((changed) => { if (changed === "*" || changed === part.dataset.hears) refetch(part).catch(() => {}); });
