// Whoever looks at the end of the thread goes on seeing it, when messages and pictures come and the
// composer grows; not while they have some of it selected.
let thread;
let stuck = true;
let top = 0;

const atEnd = () => thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
const selecting = () => !getSelection().isCollapsed && thread.contains(getSelection().anchorNode);
function follow() { if (stuck && !selecting()) thread.scrollTop = thread.scrollHeight; }

export function stickAgain() { stuck = true; }
export function leaveEnd() { stuck = false; }

export function stick(part) {
  thread = part;
  // Only somebody who scrolls up leaves the end; a picture that makes the thread longer does not.
  thread.addEventListener("scroll", () => {
    stuck = atEnd() || (stuck && thread.scrollTop >= top);
    top = thread.scrollTop;
  });
  thread.addEventListener("load", follow, true);
  new ResizeObserver(follow).observe(thread);
  new MutationObserver(follow).observe(thread, { childList: true, subtree: true, characterData: true });
  follow();
}
