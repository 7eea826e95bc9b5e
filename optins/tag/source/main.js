// Where the script begins: once for each site on a page, however often it is loaded.
import {BOX, boxed, intact} from './realm.js';
import {guarded, tagOf} from './tag.js';

const KNOWN = Symbol.for('messengerAdmin');

export function begin(config, css) {
  const here = globalThis;
  if (here.name === BOX && here.parent !== here) return run(config, css, here.parent);
  if (intact() || !boxed(config.ask.replace(/\/optin$/, '.js'))) run(config, css, here);
}

function run(config, css, win) {
  const known = doors(win);
  const other = known.find(({sid}) => sid === config.sid);
  if (other) {
    other.tag.report('tag_twice');
    return other.tag.refresh();
  }
  const tag = tagOf(config, css, win);
  known.push({sid: config.sid, tag});
  const start = () => {
    tag.start();
    if (win.messengerAdmin.consented === true) tag.consent(true);
  };
  if (win.document.readyState !== 'loading') return start();
  EventTarget.prototype.addEventListener.call(win.document, 'DOMContentLoaded', guarded(start));
}

// `messengerAdmin` may stand there before the tag, with what the shop declares.
function doors(win) {
  if (win[KNOWN]) return win[KNOWN];
  const known = [];
  Object.defineProperty(win, KNOWN, {__proto__: null, value: known});
  const declared = win.messengerAdmin;
  const door = declared !== null && typeof declared === 'object' ? declared : {};
  door.refresh = guarded(() => known.forEach(({tag}) => tag.refresh()));
  door.consent = guarded((given) => {
    door.consented = given === true;
    known.forEach(({tag}) => tag.consent(given));
  });
  win.messengerAdmin = door;
  return known;
}
