// How far an import is, as the server tells.
import { refetch } from "../live/refetch.js";
import { listen } from "../live/stream.js";

const imports = document.getElementById("imports");
listen((changed) => { if (changed === "*" || changed === "appointments") refetch(imports).catch(() => {}); });
