// How far an import is, as the server tells.
import { refetch } from "./refetch.js";
import { listen } from "./stream.js";

const imports = document.getElementById("imports");
listen((changed) => { if (changed === "*" || changed === "appointments") refetch(imports).catch(() => {}); });
