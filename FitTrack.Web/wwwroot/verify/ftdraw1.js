'use strict';
// Recomputes a drawing from its published bundle. Written from the FTDRAW-1 page and from nothing else: no line of it is the server's.
// A classic script, not a module, so that a saved copy of this page works from a folder, without a network.
const FtDraw1 = (() => {
  const MANIFEST_KEYS = ['alternates', 'chain', 'commitment', 'drawing', 'prizes', 'root', 'round', 'rules', 'tickets', 'v'];
  const ALTERNATES = 4294967295;
  const TWO_TO_64 = 1n << 64n;
  const BATCH = 5000;
  const utf8 = new TextEncoder();

  class StepFailed extends Error {
    constructor(step, reason) {
      super(reason);
      this.step = step;
    }
  }

  const demand = (step, holds, reason) => { if (!holds) throw new StepFailed(step, reason); };

  // Members of a bundle, each of which must be there and of its kind.
  const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);
  const isWhole = value => Number.isSafeInteger(value) && value >= 0;
  function member(of, name, is, kind) {
    const value = isObject(of) && Object.hasOwn(of, name) ? of[name] : undefined;
    demand('bundle', value !== undefined && is(value), `'${name}' is missing or not ${kind}`);
    return value;
  }
  const object = (of, name) => member(of, name, isObject, 'an object');
  const list = (of, name) => member(of, name, Array.isArray, 'a list');
  const text = (of, name) => member(of, name, value => typeof value === 'string', 'text');
  const number = (of, name) => member(of, name, isWhole, 'a whole number');
  const hex = (of, name, length) => fromHex(text(of, name), name, length);

  function fromHex(digits, name, length) {
    const right = /^([0-9a-f]{2})*$/.test(digits) && (length === undefined || digits.length === 2 * length);
    demand('bundle', right, `'${name}' is not lower-case hex${length === undefined ? '' : ` of ${length} bytes`}`);
    return Uint8Array.from({ length: digits.length / 2 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16));
  }
  const toHex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');

  function fromBase64Url(value) {
    if (!/^[A-Za-z0-9_-]*$/.test(value)) return null;
    try {
      return Uint8Array.from(atob(value.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
    } catch {
      return null;
    }
  }

  // Byte strings: big-endian integers, and LP(s) = length of the UTF-8 bytes, then the bytes.
  function concat(...parts) {
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
  function bigEndian(value, length) {
    const bytes = new Uint8Array(length);
    for (let i = length - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
    return bytes;
  }
  const label = name => utf8.encode(name);
  const prefixed = value => {
    const bytes = utf8.encode(value);
    return concat(bigEndian(bytes.length, 4), bytes);
  };
  const sha256 = async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

  const equal = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

  /** UTF-8, keys sorted, no spaces, integers only. */
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
    if (isObject(value)) return `{${Object.keys(value).sort().map(key => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
    demand('manifest', typeof value === 'string' || Number.isSafeInteger(value), `${JSON.stringify(value)} has no canonical form`);
    return typeof value === 'string' ? canonicalText(value) : String(value);
  }
  const canonicalText = value => `"${value.replace(/["\\]/g, '\\$&').replace(/[\u0000-\u001f]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;

  function prizesOf(manifest) {
    return list(manifest, 'prizes').map(pair => {
      demand('manifest', Array.isArray(pair) && pair.length === 2 && pair.every(n => isWhole(n) && n <= ALTERNATES), 'prizes are pairs of rank and quantity');
      return { rank: pair[0], quantity: pair[1] };
    });
  }

  async function checkManifest(run) {
    const manifest = run.manifest = object(run.bundle, 'manifest');
    const unknown = Object.keys(manifest).find(key => !MANIFEST_KEYS.includes(key));
    demand('manifest', unknown === undefined, `'${unknown}' does not belong there`);
    run.bytes = utf8.encode(canonical(manifest));
    demand('manifest', number(manifest, 'v') === 1, 'its version is not 1');
    const prizes = prizesOf(manifest);
    demand('manifest', prizes.every((prize, i) => i === 0 || prizes[i - 1].rank < prize.rank), 'prize ranks must ascend and be unique');
    run.hash = await sha256(run.bytes);
    if (!equal(run.hash, TreeHash.sha256(run.bytes))) throw new Error('this browser does not compute SHA-256 as it should');
    demand('manifest hash', equal(run.hash, hex(run.bundle, 'manifestHash', 32)), "the manifest does not hash to 'manifestHash'");
    return `H = ${toHex(run.hash)}, the value that participants were mailed when sales closed`;
  }

  async function checkSignature(run) {
    const signature = object(run.bundle, 'signature');
    const jwk = object(signature, 'jwk');
    demand('signature', text(signature, 'alg') === 'ES256' && text(jwk, 'kty') === 'EC' && text(jwk, 'crv') === 'P-256', 'it is not ES256');
    demand('signature', await verifies(jwk, text(signature, 'value'), run.bytes), "it does not verify with the bundle's key");
    if (!run.keys) return "verifies with the bundle's key, which was not compared with the published ones";
    const published = list(run.keys, 'keys').some(key => text(key, 'x') === jwk.x && text(key, 'y') === jwk.y);
    demand('signature', published, 'its key is not among the published ones');
    return 'verifies with a published key';
  }

  async function verifies(jwk, value, bytes) {
    const raw = fromBase64Url(value);
    try {
      const key = await crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', x: text(jwk, 'x'), y: text(jwk, 'y') }, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
      return raw !== null && await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, raw, bytes);
    } catch (error) {
      if (error instanceof StepFailed) throw error;
      return false;
    }
  }

  /** Hashes many byte strings, some at a time, telling how far it is. */
  async function hashAll(count, bytesOf, told) {
    const hashes = new Array(count);
    for (let from = 0; from < count; from += BATCH) {
      const until = Math.min(from + BATCH, count);
      for (let i = from; i < until; i++) hashes[i] = TreeHash.sha256(bytesOf(i));
      told(until - from);
      // The page is drawn in between.
      if (count > BATCH) await new Promise(done => setTimeout(done));
    }
    return hashes;
  }

  async function checkTickets(run) {
    const drawing = prefixed(text(run.manifest, 'drawing'));
    const tickets = list(run.bundle, 'tickets');
    demand('tickets', tickets.length === number(run.manifest, 'tickets'), 'there are not as many as the manifest says');
    const ids = new Set();
    run.holders = tickets.map((ticket, i) => {
      demand('tickets', number(ticket, 'number') === i + 1, `number ${ticket.number} is out of order`);
      demand('tickets', !ids.has(text(ticket, 'ticketId')), `ticket ${ticket.ticketId} is there twice`);
      ids.add(ticket.ticketId);
      return text(ticket, 'holder');
    });

    let done = 0;
    const told = hashed => run.progress((done += hashed) / (2 * tickets.length));
    // leaf = H(0x00 ‖ LP(drawing) ‖ u64be(number) ‖ LP(ticket) ‖ holder)
    let level = await hashAll(tickets.length, i => concat([0], drawing, bigEndian(i + 1, 8), prefixed(tickets[i].ticketId), hex(tickets[i], 'holder', 32)), told);
    // Neighbours joined level by level, an odd last one passed up: the tree that splits at the largest power of two (RFC 6962).
    while (level.length > 1) {
      const below = level;
      level = await hashAll(below.length >> 1, i => concat([1], below[2 * i], below[2 * i + 1]), told);
      if (below.length % 2 === 1) level.push(below.at(-1));
    }
    const root = level.length === 0 ? await sha256(new Uint8Array()) : level[0];
    demand('root', equal(root, fromHex(text(run.manifest, 'root'), 'root', 32)), "the tickets do not give the manifest's root");
    return `${tickets.length} tickets of ${new Set(run.holders).size} holders give the manifest's root`;
  }

  async function checkEntropy(run) {
    demand('entropy', Object.hasOwn(run.bundle, 'entropy'), 'the drawing has not been drawn yet');
    const { manifest } = run;
    const [entropy, chain, round] = [object(run.bundle, 'entropy'), text(manifest, 'chain'), number(manifest, 'round')];
    const kind = text(entropy, 'kind');
    demand('entropy', kind === (Object.hasOwn(manifest, 'commitment') ? 'commit' : 'drand'), "its kind is not the manifest's");
    const [chainBytes, chance, finding] = kind === 'commit' ? await checkCommitment(run, entropy, chain, round) : await checkBeacon(run, entropy, chain, round);
    run.reasons.push(Object.hasOwn(run.bundle, 'timestampToken')
      ? 'commitment time unproven: browsers know no time-stamp authorities; the command verify-drawing checks the token'
      : 'commitment time unproven: there is no time-stamp token over the manifest');
    run.seed = await sha256(concat(label('FTDRAW1/seed'), chainBytes, bigEndian(round, 8), chance, run.hash));
    return finding;
  }

  async function checkCommitment(run, entropy, chain, round) {
    demand('entropy', chain === '' && round === 0, 'a commit drawing has neither chain nor round');
    const seed = hex(entropy, 'seed', 32);
    demand('entropy', equal(await sha256(seed), hex(run.manifest, 'commitment', 32)), 'the revealed seed is not the one committed to');
    run.reasons.push('commit drawing: whoever held the server seed and could add tickets could choose the winner');
    return [new Uint8Array(32), seed, 'the revealed seed is the one committed to'];
  }

  async function checkBeacon(run, entropy, chain, round) {
    demand('entropy', number(entropy, 'round') === round, "the round is not the manifest's");
    const randomness = hex(entropy, 'randomness', 32);
    demand('entropy', equal(await sha256(hex(entropy, 'signature')), randomness), "the randomness is not the hash of the beacon's signature");
    run.reasons.push("beacon signature not authenticated: browsers have no BLS12-381; compare round, randomness and signature with the beacon's own answer");
    return [fromHex(chain, 'chain', 32), randomness, `the randomness is the hash of the signature given for round ${round}`];
  }

  async function checkPicks(run) {
    const alternates = Object.hasOwn(run.manifest, 'alternates') ? number(run.manifest, 'alternates') : 0;
    const expected = await draw(run.seed, [...prizesOf(run.manifest), { rank: ALTERNATES, quantity: alternates }], run.holders);
    const given = list(run.bundle, 'picks');
    const shown = pick => canonical({ rank: number(pick, 'rank'), slot: number(pick, 'slot'), counter: number(pick, 'counter'), x: text(pick, 'x'), n: number(pick, 'n'), ticket: number(pick, 'ticket') });
    for (let i = 0; i < Math.min(expected.length, given.length); i++)
      demand('picks', shown(expected[i]) === shown(given[i]), `place ${i + 1} must be ${shown(expected[i])}, but is ${shown(given[i])}`);
    demand('picks', expected.length === given.length, `there must be ${expected.length}, but there are ${given.length}`);
    run.winners = expected.filter(pick => pick.rank !== ALTERNATES);
    return run.winners.map(pick => `prize ${pick.rank} to ticket ${pick.ticket}`).join(', ') || 'none';
  }

  /** Slot after slot takes a ticket of those left, and then all tickets of its holder leave. */
  async function draw(seed, prizes, holders) {
    const key = await crypto.subtle.importKey('raw', seed, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const numbers = new Map();
    const holderOf = Uint32Array.from(holders, holder => numbers.get(holder) ?? (numbers.set(holder, numbers.size), numbers.size - 1));
    const picks = [];
    let left = Uint32Array.from(holders, (_, i) => i);
    for (const { rank, quantity } of prizes) {
      for (let slot = 0; slot < quantity && left.length > 0; slot++) {
        const n = BigInt(left.length);
        let counter = 0;
        let x;
        for (; ; counter++) {
          const mac = await crypto.subtle.sign('HMAC', key, concat(label('FTDRAW1/pick'), bigEndian(rank, 4), bigEndian(slot, 4), bigEndian(counter, 4)));
          x = new DataView(mac).getBigUint64(0);
          if (x < TWO_TO_64 / n * n) break;
        }
        const ticket = left[Number(x % n)];
        picks.push({ rank, slot, counter, x: x.toString(), n: left.length, ticket: ticket + 1 });
        left = left.filter(other => holderOf[other] !== holderOf[ticket]);
      }
    }
    return picks;
  }

  const STEPS = [['manifest', checkManifest], ['signature', checkSignature], ['tickets', checkTickets], ['entropy', checkEntropy], ['picks', checkPicks]];

  /**
   * @param bundle what `/drawings/{id}/proof` gives
   * @param keys what `/.well-known/draw-keys.json` gives, or null when it is not at hand
   * @param told called with a step, its state ('running', 'ok' or 'failed') and what it has shown, or with 'progress' and a share of 1
   * @returns outcome 'valid', 'recomputed, but not independent' or 'invalid', the failed step, reasons, and the winning picks
   */
  async function verify(bundle, keys, told = () => {}) {
    const run = { bundle, keys, reasons: [], winners: [] };
    for (const [name, check] of STEPS) {
      run.progress = share => told(name, 'progress', share);
      told(name, 'running', '');
      try {
        told(name, 'ok', await check(run));
      } catch (error) {
        if (!(error instanceof StepFailed)) throw error;
        told(name, 'failed', error.message);
        return { outcome: 'invalid', failedStep: error.step, reasons: [error.message], winners: [] };
      }
    }
    return { outcome: run.reasons.length === 0 ? 'valid' : 'recomputed, but not independent', failedStep: null, reasons: run.reasons, winners: run.winners };
  }

  /** The pseudonym of a member in a drawing: H("FTDRAW1/holder" ‖ salt ‖ LP(userId)), hex. */
  const holderOf = async (salt, userId) => toHex(await sha256(concat(label('FTDRAW1/holder'), fromHex(salt, 'salt', 32), prefixed(userId))));

  /** Whether the path of `/drawings/{id}/tickets/{number}/proof` leads from the ticket to its root (RFC 9162, 2.1.3.2). */
  async function verifyInclusion(proof) {
    let hash = await sha256(concat([0], prefixed(text(proof, 'drawing')), bigEndian(number(proof, 'number'), 8), prefixed(text(proof, 'ticketId')), hex(proof, 'holder', 32)));
    let [node, last] = [number(proof, 'number') - 1, number(proof, 'tickets') - 1];
    if (node < 0 || node > last) return false;
    for (const sibling of list(proof, 'path').map(step => fromHex(step, 'path', 32))) {
      if (last === 0) return false;
      const isRight = node % 2 === 1 || node === last;
      hash = await sha256(isRight ? concat([1], sibling, hash) : concat([1], hash, sibling));
      if (isRight) while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
      [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    }
    return last === 0 && toHex(hash) === text(proof, 'root');
  }

  return { verify, holderOf, verifyInclusion };
})();
