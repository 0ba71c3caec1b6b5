// JSON with colours: every token becomes a span whose text is set, never parsed as markup.

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const kindOf = (text, isKey) => isKey ? 'key' : text.startsWith('"') ? 'string' : /^[tfn]/.test(text) ? 'word' : 'number';

/** A <pre> with the value, indented and coloured. */
export function highlighted(value) {
  const pre = document.createElement('pre');
  pre.className = 'json';
  pre.tabIndex = 0;
  const text = JSON.stringify(value, null, 2);
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    const token = match[1] ?? match[0];
    const span = document.createElement('span');
    span.className = `json-${kindOf(token, match[2] !== undefined)}`;
    span.textContent = token;
    pre.append(text.slice(at, match.index), span);
    at = match.index + token.length;
  }
  pre.append(text.slice(at));
  return pre;
}
