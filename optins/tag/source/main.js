// Where the script begins: once for each site on a page, however often it is loaded.
import {hear} from './look.js';
import {BOX, boxed, intact} from './realm.js';
import {guarded, tagOf} from './tag.js';

export function begin(config, css) {
  const here = globalThis;
  if (here.name === BOX && here.parent !== here) return run(config, css, here.parent);
  const plainly = guarded(() => run(config, css, here));
  if (intact() || !boxed(`${config.home}.js`, plainly)) plainly();
}

function run(config, css, win) {
  const known = doors(win);
  const other = known.tags.find(({sid}) => sid === config.sid);
  if (other) {
    other.tag.report('tag_twice');
    return other.tag.refresh();
  }
  const tag = tagOf(config, css, win, known.corners);
  known.tags.push({sid: config.sid, tag});
  const start = () => {
    tag.start();
    if (known.door.consented === true) tag.consent(true);
  };
  if (win.document.readyState !== 'loading') return start();
  hear(win.document, 'DOMContentLoaded', guarded(start));
}

// `messengerAdmin` may stand there before the tag, with what the shop declares; one that can't be added to is replaced.
function doors(win) {
  const name = Symbol.for('messengerAdmin');
  if (win[name]) return win[name];
  const declared = win.messengerAdmin;
  const door = Object.isExtensible(declared) ? declared : {...declared};
  const known = {tags: [], corners: new Map(), door};
  Object.defineProperty(win, name, {__proto__: null, value: known});
  guarded(() => {
    door.refresh = guarded(() => known.tags.forEach(({tag}) => tag.refresh()));
    door.consent = guarded((given) => {
      door.consented = given === true;
      known.tags.forEach(({tag}) => tag.consent(given));
    });
    win.messengerAdmin = door;
  })();
  return known;
}
