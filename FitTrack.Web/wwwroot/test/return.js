// A sign-in at a provider ended in this tab, where nobody is signed in: whoever began it on the test page, in another tab, finishes it.

import { RETURNS } from './core.js';

const brought = Object.fromEntries(new URLSearchParams(location.search));
const { provider, ...said } = brought;
const signIn = document.getElementById('sign-in');
signIn.href = `/?ReturnUrl=${encodeURIComponent(`/trackers/return/${provider}?${new URLSearchParams(said)}`)}`;
signIn.parentElement.hidden = false;
new BroadcastChannel(RETURNS).postMessage(brought);
