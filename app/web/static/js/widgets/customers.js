// Customers by what is typed of their names, numbers and addresses, as something to choose from.
import { ask } from "../live/scope.js";

export async function customers(text) {
  if (!text.trim()) return [];
  const query = new URLSearchParams({ q: text, only: "customers" });
  const answer = await ask(`/messages/search?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return [];
  const found = await answer.json();
  return found.customers.map(({ name, addresses, url }) => ({
    label: name, detail: addresses.filter((each) => each !== name).join(" · "), choose: () => location.assign(url),
  }));
}
