// What the page was made with (app/web/chat/widget.py), and its elements.
export const config = JSON.parse(document.body.dataset.config);
export const words = config.words;
export const at = (id) => document.getElementById(id);

// A word of ours with its gaps filled in.
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export function show(element, text) {
  element.textContent = text;
  element.hidden = !text;
}
