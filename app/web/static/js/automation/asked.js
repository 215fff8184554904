// A rule asks that somebody looks at a conversation: a notice in the corner, which stays until it is
// closed or followed. One for each conversation, the latest five.
const MOST = 5;
let corner;

export function asked(customer) {
  corner ??= made();
  corner.querySelector(`[data-customer="${CSS.escape(customer)}"]`)?.remove();
  const notice = document.createElement("p");
  notice.dataset.customer = customer;
  const link = document.createElement("a");
  link.href = `/messages/${encodeURIComponent(customer)}`;
  link.textContent = "A rule asks somebody to look at this conversation";
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", "Close this notice");
  close.addEventListener("click", () => notice.remove());
  notice.append(link, close);
  corner.append(notice);
  while (corner.children.length > MOST) corner.firstElementChild.remove();
}

function made() {
  const place = document.createElement("div");
  place.className = "rule-asks";
  place.setAttribute("role", "status");
  document.body.append(place);
  return place;
}
