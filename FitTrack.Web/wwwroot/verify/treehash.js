'use strict';
// The browser's digest hops to another thread and back, half a minute for 100,000 tickets. So the tree is hashed here (FIPS 180-4); on
// the manifest both must agree.
const TreeHash = (() => {
  const FRACTIONS = (() => {
    const primes = [];
    for (let n = 2; primes.length < 64; n++) if (primes.every(prime => n % prime !== 0)) primes.push(n);
    // The first 32 bits behind the point of a root, by whole numbers.
    const root = (prime, power) => {
      const scaled = BigInt(prime) << BigInt(32 * power);
      let [low, high] = [0n, 1n << 40n];
      while (high - low > 1n) {
        const middle = (low + high) / 2n;
        if (middle ** BigInt(power) <= scaled) low = middle; else high = middle;
      }
      return Number(BigInt.asIntN(32, low));
    };
    return { start: Int32Array.from(primes.slice(0, 8), prime => root(prime, 2)), rounds: Int32Array.from(primes, prime => root(prime, 3)) };
  })();
  const words = new Int32Array(64);

  function sha256(bytes) {
    const padded = new DataView(new ArrayBuffer((bytes.length + 72) & ~63));
    new Uint8Array(padded.buffer).set(bytes);
    padded.setUint8(bytes.length, 0x80);
    padded.setUint32(padded.byteLength - 4, bytes.length * 8);
    const state = FRACTIONS.start.slice();
    for (let at = 0; at < padded.byteLength; at += 64) compress(state, padded, at);
    const hash = new DataView(new ArrayBuffer(32));
    state.forEach((word, i) => hash.setInt32(4 * i, word));
    return new Uint8Array(hash.buffer);
  }

  function compress(state, block, at) {
    const turn = (word, by) => (word >>> by) | (word << (32 - by));
    for (let i = 0; i < 16; i++) words[i] = block.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const [w15, w2] = [words[i - 15], words[i - 2]];
      words[i] = (words[i - 16] + (turn(w15, 7) ^ turn(w15, 18) ^ (w15 >>> 3)) + words[i - 7] + (turn(w2, 17) ^ turn(w2, 19) ^ (w2 >>> 10))) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + FRACTIONS.rounds[i] + words[i]) | 0;
      const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + first) | 0; d = c; c = b; b = a; a = (first + second) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }

  return { sha256 };
})();
