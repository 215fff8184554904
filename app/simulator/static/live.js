// Lists that follow the server: each second what changed is put in, and nothing else is touched.
"use strict";

const sources = new WeakMap();

function localise(node) {
  for (const time of node.querySelectorAll("time")) {
    const moment = new Date(time.dateTime);
    time.textContent = time.classList.contains("day")
      ? moment.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" })
      : moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    time.title = moment.toLocaleString();
  }
}

function reconcile(list, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const old = new Map([...list.children].map((child) => [child.id, child]));
  let cursor = list.firstElementChild;
  for (const item of [...fresh.content.children]) {
    const known = old.get(item.id);
    old.delete(item.id);
    let node = known;
    if (!known || sources.get(known) !== item.outerHTML) {
      sources.set(item, item.outerHTML);
      localise(item);
      if (known) known.replaceWith(item);
      if (known && known === cursor) cursor = item;
      node = item;
    }
    if (node !== cursor) list.insertBefore(node, cursor);
    cursor = node.nextElementSibling;
  }
  old.forEach((gone) => gone.remove());
}

function follow(list) {
  const scroller = list.closest("[data-scroller]");
  const jump = document.querySelector("[data-jump]");
  let shown = null;
  let stick = true;
  const toEnd = () => {
    if (!scroller) return;
    scroller.scrollTop = scroller.scrollHeight;
    stick = true;
    jump.hidden = true;
  };

  async function refresh() {
    const answer = await fetch(list.dataset.live, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const html = await answer.text();
    if (html === shown) return;
    const last = list.lastElementChild && list.lastElementChild.id;
    shown = html;
    reconcile(list, html);
    // Whoever reads further up stays there, and learns that something came.
    if (stick) toEnd();
    else if (list.lastElementChild.id !== last) jump.hidden = false;
  }

  async function tick() {
    if (!document.hidden) {
      try { await refresh(); } catch { /* the simulator is restarting: the next tick tries again */ }
    }
    setTimeout(tick, 1000);
  }

  for (const child of list.children) {
    sources.set(child, child.outerHTML);
    localise(child);
  }
  if (scroller) {
    scroller.addEventListener("scroll", () => {
      stick = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
      if (stick) jump.hidden = true;
    });
    list.addEventListener("load", () => stick && toEnd(), true);
    new ResizeObserver(() => stick && toEnd()).observe(scroller);
    jump.addEventListener("click", toEnd);
    toEnd();
  }
  list.addEventListener("refresh", () => { toEnd(); refresh().catch(() => {}); });
  tick();
}

for (const list of document.querySelectorAll("[data-live]")) follow(list);
localise(document);
