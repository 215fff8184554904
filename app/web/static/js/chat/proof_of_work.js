// Finds the number that the server asks for where a chat looks like spam: behind the salt and
// a colon it has a certain SHA-256 (FIPS 180-4). By hand, since the browser's own is not there on
// pages without https, and in short pieces, so that nothing on the page waits for it.
const PIECE_MS = 12, ROUNDS = 64;
const primes = [];
for (let each = 2; primes.length < ROUNDS; each += 1) if (primes.every((by) => each % by)) primes.push(each);
const fraction = (root) => ((root % 1) * 2 ** 32) | 0;
const K = Int32Array.from(primes, (each) => fraction(Math.cbrt(each)));
const [A, B, C, D, E, F, G, H] = primes.slice(0, 8).map((each) => fraction(Math.sqrt(each)));
const w = new Int32Array(ROUNDS);

// Of a text of 55 characters at most. The first of the eight words tells all but one in four thousand
// million apart; the server looks at all.
function firstWord(text) {
  w.fill(0, 0, 16);
  for (let at = 0; at < text.length; at += 1) w[at >> 2] |= text.charCodeAt(at) << (24 - 8 * (at & 3));
  w[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
  w[15] = text.length * 8;
  let a = A, b = B, c = C, d = D, e = E, f = F, g = G, h = H;
  for (let at = 0; at < ROUNDS; at += 1) {
    if (at > 15) {
      const x = w[at - 15], y = w[at - 2];
      w[at] = w[at - 16] + (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3))
        + w[at - 7] + (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10));
    }
    const one = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7)))
      + ((e & f) ^ (~e & g)) + K[at] + w[at]) | 0;
    const two = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10)))
      + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  return (a + A) >>> 0;
}

const pause = () => new Promise((goOn) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => { port1.close(); goOn(); };
  port2.postMessage(0);
});

// The proof, «number.token»; none where there is no such number.
export async function prove({ salt, target, most, token }) {
  const wanted = parseInt(target.slice(0, 8), 16), prefix = `${salt}:`;
  let end = performance.now() + PIECE_MS;
  for (let number = 0; number <= most; number += 1) {
    if (firstWord(prefix + number) === wanted) return `${number}.${token}`;
    if (number % 128 === 0 && performance.now() > end) {
      await pause();
      end = performance.now() + PIECE_MS;
    }
  }
  return "";
}
