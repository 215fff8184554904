// The log of a webhook goes on as long as something in it is under way.
import { refetch } from "../live/refetch.js";

const log = document.getElementById("log");
setInterval(() => {
  if (!document.hidden && log.querySelector("[data-under-way]")) refetch(log).catch(() => {});
}, 2000);
