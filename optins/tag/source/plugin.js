// Facebook's own plugin. An SDK that the page has is the one that rules, its locale too: there is never a second one,
// and `fbAsyncInit` is chained.

const SDK = 'connect.facebook.net';
const LOCALES = {ar: 'ar_AR', de: 'de_DE', en: 'en_US', es: 'es_ES', fr: 'fr_FR', it: 'it_IT', nl: 'nl_NL', pl: 'pl_PL', pt: 'pt_PT'};
const SDK_PATIENCE = 15000;

// What is there: {by: 'page' | 'none', locale, script}.
export function found(win) {
  const script = win.document.querySelector(`#facebook-jssdk, script[src*="${SDK}"]`);
  const ready = Boolean(win.FB && win.FB.XFBML);
  if (!script && !ready) return {by: 'none', locale: '', script: false};
  const locale = /\/([a-z]{2}_[A-Z]{2})\//.exec((script && script.src) || '');
  return {by: 'page', locale: locale ? locale[1] : '', script: Boolean(script)};
}

// Calls `then` with the SDK once it is there; `never` when it doesn't come.
export function withSdk(win, {app, graph}, languages, then, never) {
  const known = found(win);
  if (known.by === 'none') load(win, app, graph, languages);
  const until = Date.now() + SDK_PATIENCE;
  let over = false;
  const look = () => {
    if (over) return;
    if (win.FB && win.FB.XFBML) {
      over = true;
      then(win.FB);
    } else if (Date.now() > until) {
      over = true;
      never();
    } else setTimeout(look, 250);
  };
  if (!(win.FB && win.FB.XFBML)) chain(win, look);
  look();
  return known;
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

function load(win, app, graph, languages) {
  const before = win.fbAsyncInit;
  win.fbAsyncInit = function () {
    win.FB.init({appId: app, version: graph, xfbml: false});
    if (typeof before === 'function') before.apply(this, arguments);
  };
  const script = win.document.createElement('script');
  const language = languages.find((one) => LOCALES[one]);
  script.id = 'facebook-jssdk';
  script.async = true;
  script.crossOrigin = 'anonymous';
  script.src = `https://${SDK}/${LOCALES[language] || 'en_US'}/sdk.js`;
  Node.prototype.appendChild.call(win.document.head, script);
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
