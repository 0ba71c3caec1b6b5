'use strict';
// The page around ftdraw1.js: where a bundle comes from, and how what it shows is told.
(() => {
  const element = id => document.getElementById(id);
  let bundle = null;

  const MEANINGS = {
    valid: 'The draw was done again here, and everything came out as published.',
    recomputed: 'The draw was done again here, and everything came out as published. What it cannot rule out:',
    invalid: 'Something does not fit. Do not rely on this bundle:',
    sealed: 'The list and its tickets are as they should be. Save the bundle and compare it after the draw: nothing in the list may change any more.',
  };

  function say(verdict, kind, reasons = []) {
    element('meaning').textContent = MEANINGS[kind] ?? '';
    element('verdict').textContent = verdict;
    element('verdict').className = kind;
    element('reasons').replaceChildren(...reasons.map(reason => Object.assign(document.createElement('li'), { textContent: reason })));
  }

  function tell(step, state, what) {
    const item = document.querySelector(`[data-step="${step}"]`);
    if (state === 'progress') {
      element('progress').value = what;
      return;
    }
    item.className = state;
    item.querySelector('output')?.remove();
    if (what) item.append(Object.assign(document.createElement('output'), { textContent: what }));
  }

  async function check(read) {
    for (const item of document.querySelectorAll('[data-step]')) tell(item.dataset.step, '', '');
    [element('mine').hidden, element('progress').hidden, element('progress').value] = [true, false, 0];
    say('Checking ...', 'running');
    try {
      const { proof, keys } = await read();
      const result = await FtDraw1.verify(proof, keys, tell);
      bundle = proof;
      const isToCome = result.failedStep === 'entropy' && !Object.hasOwn(proof, 'entropy');
      element('mine').hidden = result.outcome === 'invalid' && !isToCome;
      if (isToCome) {
        tell('entropy', '', 'not drawn yet');
        say('sealed, not drawn yet', 'sealed');
      } else say(result.outcome === 'invalid' ? `invalid: ${result.failedStep}` : result.outcome, result.outcome.split(',')[0], result.reasons);
    } catch (error) {
      if (error instanceof NotThere) say('Nothing was checked', '', [error.message]);
      else say('invalid: bundle', 'invalid', [`it cannot be read: ${error.message}`]);
    } finally {
      element('progress').hidden = true;
    }
  }

  /** Says nothing against a drawing. */
  class NotThere extends Error {}

  async function fetched(address) {
    const response = await fetch(address).catch(() => { throw new NotThere('The site does not answer. Try again in a moment, or check a saved bundle.'); });
    if (response.status === 404) throw new NotThere('Nothing is published about this drawing yet. Come back when its ticket sales have closed.');
    if (!response.ok) throw new NotThere(`The site cannot be reached right now (it answered ${response.status}). Try again in a moment.`);
    return response.json();
  }

  const fileOf = async id => element(id).files.length === 0 ? null : JSON.parse(await element(id).files[0].text());
  const checkFiles = () => {
    if (element('file').files.length > 0) check(async () => ({ proof: await fileOf('file'), keys: await fileOf('keys') }));
  };
  element('file').addEventListener('change', checkFiles);
  element('keys').addEventListener('change', checkFiles);

  element('find').addEventListener('submit', async event => {
    event.preventDefault();
    const holder = await FtDraw1.holderOf(element('salt').value.trim(), element('member').value.trim());
    const mine = bundle.tickets.filter(ticket => ticket.holder === holder).map(ticket => ticket.number);
    element('found').textContent = mine.length === 0 ? 'No ticket in this drawing has this pseudonym.' : `${mine.length} of your tickets were in: ${mine.join(', ')}`;
  });

  const own = new URLSearchParams(location.hash.slice(1));
  [element('member').value, element('salt').value] = [own.get('member') ?? '', own.get('salt') ?? ''];

  const drawing = new URLSearchParams(location.search).get('drawing');
  element('pick').hidden = drawing !== null || !location.protocol.startsWith('http');
  if (drawing !== null && /^[0-9a-f-]{36}$/.test(drawing)) {
    const [proof, keys] = [`proof/${drawing}`, '../.well-known/draw-keys.json'];
    element('back').href = `../drawings/${drawing}`;
    [element('bundle').href, element('bundle').download, element('published').href, element('saved').hidden] = [proof, `${drawing}.json`, keys, false];
    check(async () => ({ proof: await fetched(proof), keys: await fetched(keys) }));
  }
})();
