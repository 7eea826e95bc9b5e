// Facebook's own plugin. An SDK that the page has is the one that rules, its locale too: there is never a second one,
// and `fbAsyncInit` is chained.

import {find, hear, put} from './look.js';

const SDK = 'connect.facebook.net';
const LOCALES = {ar: 'ar_AR', en: 'en_US'};
const SPOKEN = ['ar', 'de', 'en', 'es', 'fr', 'it', 'nl', 'pl', 'pt'];
const SDK_PATIENCE = 15000;

// Calls `then` with the SDK once it is there; `never` when it doesn't come; `known` with the locale of the page's own.
export function withSdk(win, {app, graph}, languages, {then, never, known}) {
  let over = false;
  const begin = () => {
    const until = Date.now() + SDK_PATIENCE;
    const script = find(win.document, `#facebook-jssdk,script[src*="//${SDK}/"]`);
    const fail = () => {
      over = true;
      never();
    };
    if (!script && !win.FB) load(win, app, graph, languages).onerror = fail;
    else if (!script || !script.dataset.messengerAdmin) known(localeOf(script));
    const look = () => {
      if (over) return;
      over = Boolean(win.FB && win.FB.XFBML);
      if (over) return then(win.FB);
      if (Date.now() < until) return setTimeout(look, 250);
      fail();
    };
    if (!win.FB) chain(win, look);
    look();
  };
  // The page's own may be among what is still loading.
  if (win.document.readyState === 'complete') begin();
  else hear(win, 'load', begin);
}

function localeOf(script) {
  const found = /\/([a-z]{2}_[A-Z]{2})\//.exec((script && script.src) || '');
  return found ? found[1] : '';
}

function chain(win, after) {
  const before = win.fbAsyncInit;
  win.fbAsyncInit = function () {
    try {
      if (typeof before === 'function') return before.apply(this, arguments);
    } finally {
      setTimeout(after, 0);
    }
  };
}

// A page that waits for an SDK, and has none, says itself how it is to begin.
function load(win, app, graph, languages) {
  if (typeof win.fbAsyncInit !== 'function') {
    win.fbAsyncInit = () => win.FB.init({appId: app, version: graph, xfbml: false});
  }
  const script = win.document.createElement('script');
  const language = languages.find((one) => SPOKEN.includes(one)) || 'en';
  script.id = 'facebook-jssdk';
  script.async = true;
  script.crossOrigin = 'anonymous';
  script.dataset.messengerAdmin = 'yes';
  script.src = `https://${SDK}/${LOCALES[language] || [language, language.toUpperCase()].join('_')}/sdk.js`;
  put(find(win.document, 'head'), script);
  return script;
}

// The element that the SDK turns into its button; `ref` is what Facebook brings back.
export function markup({kind, colour, size}, page, app, ref) {
  const made = document.createElement('div');
  const asks = kind === 'send_to_messenger';
  made.className = asks ? 'fb-send-to-messenger' : 'fb-messengermessageus';
  const said = {messenger_app_id: app, page_id: page, color: colour, size, [asks ? 'data-ref' : 'ref']: ref};
  for (const [name, value] of Object.entries(said)) if (value) made.setAttribute(name, value);
  return made;
}
