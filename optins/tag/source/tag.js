// One site's tag on one page: what is declared there, which buttons show, and the doors for the shop's own scripts.
import {reporting} from './asking.js';
import {clicking} from './click.js';
import {declared} from './ids.js';
import {itemOf, wordingOf} from './item.js';
import {drawing} from './legacy.js';
import {onMoves, onRedraw} from './moving.js';
import {placing} from './place.js';
import {sheetOf} from './sheet.js';
import {shows} from './targeting.js';
import {clockOf, counting, deviceOf} from './visit.js';
import {languagesOf, wordsOf} from './words.js';

const WAITED = ['seconds_on_page', 'seconds_on_site'];
const KEPT = ['seconds_on_site', 'pages_seen'];

// Nothing of ours is ever raised into the page.
export const guarded = (act) => (...given) => {
  try {
    return act(...given);
  } catch {
    // the page goes on as if we were not there
  }
};

export function tagOf(config, styles, win, corners) {
  const reports = reporting(config.home);
  const count = counting(Date.now(), address());
  const shown = new Set(), items = new Map();
  let consented = false, spoken = '', who = '', view = null;

  const buttons = config.buttons;
  const asks = (names) => buttons.some(({rules}) => rules && rules.some((rule) => rule.some(({what}) => names.includes(what))));

  function address() {
    return String(win.location.href);
  }

  function data() {
    try {
      const found = win.idzCustomData;
      return found !== null && typeof found === 'object' ? found : {};
    } catch {
      return {};
    }
  }

  // Everything that is in a language; made anew when the page changes its own.
  function speak() {
    const languages = languagesOf(win.document.documentElement.lang, navigator.languages || []);
    if (view && languages.join() === spoken) return;
    if (view) {
      view.sheet.close();
      for (const {id} of buttons) drop(id);
    }
    spoken = languages.join();
    const words = wordsOf(languages);
    const sheet = sheetOf(win, words, styles);
    view = {
      languages, words, sheet,
      placing: view ? view.placing : placing(win, styles, corners),
      go: clicking({config, words, sheet, told}),
      plugin: drawing({win, config, languages, report: reports.report}),
    };
  }

  const told = guarded((name, id) => {
    const {kind} = buttons.find((button) => button.id === id) || {};
    const event = new CustomEvent(`messengerAdmin:${name}`, {__proto__: null, detail: {button: id, kind}});
    EventTarget.prototype.dispatchEvent.call(win, event);
  });

  function update() {
    const now = Date.now();
    if (count.moved(now, address())) reports.forget();
    speak();
    const found = data();
    const {id, mistake} = guarded(declared)(found) || {id: '', mistake: ''};
    if (mistake) reports.report(mistake);
    if (id !== who) {
      view.sheet.close();
      for (const button of buttons) view.plugin.undo(button.id);
      who = id;
    }
    const visit = {
      address: address(), device: deviceOf(win.navigator), data: found, at: clockOf(config.zone, new Date(now)), ...count.seen(now),
    };
    for (const button of buttons) guarded(judge)(button, visit);
  }

  function judge(button, visit) {
    const may = button.kind !== 'send_to_messenger' || who !== '';
    const yes = may && shows(button.rules, visit);
    const later = may && button.placement === 'fixed' && (items.has(button.id) || waits(button, visit));
    if (!yes && !later) return drop(button.id);
    if (!items.has(button.id)) items.set(button.id, made(button));
    const item = items.get(button.id);
    if (!view.placing.put(button, item.item, yes)) return shown.delete(button.id);
    if (!yes) return shown.delete(button.id);
    if (!shown.has(button.id)) {
      shown.add(button.id);
      told('shown', button.id);
    }
    if (button.legacy && consented) view.plugin.draw(button, item, asksFor(button, item) && body(button, item));
    else view.plugin.undo(button.id);
    return true;
  }

  // What only has to wait: its room is kept, so that nothing moves when it comes.
  function waits({rules}, visit) {
    return shows(rules, {...visit, seconds_on_page: Infinity, seconds_on_site: Infinity});
  }

  const asksFor = ({kind}) => kind === 'send_to_messenger';

  function made(button) {
    const act = asksFor(button) && guarded(() => view.go(body(button, items.get(button.id)), items.get(button.id).control).catch(() => {}));
    return itemOf(button, {...view, link: config.link, privacy: config.privacy}, act);
  }

  function body(button, {label}) {
    const {language, id} = wordingOf(button, view.languages);
    return {
      customer_id: who, button: button.id, address: address().split('#')[0].slice(0, 2000), language: language || view.words.language,
      label, wording: id,
    };
  }

  function drop(id) {
    const item = items.get(id);
    if (!item) return;
    view.plugin.undo(id);
    view.placing.take(buttons.find((button) => button.id === id), item.item);
    items.delete(id);
    shown.delete(id);
  }

  const again = guarded(update);
  // A page's own script may declare its new custom data just after it moved.
  const moved = guarded(() => {
    setTimeout(again, 0);
    setTimeout(again, 300);
  });

  return {
    start() {
      again();
      guarded(onMoves)(win, moved);
      if (buttons.length) guarded(onRedraw)(win, 200, again);
      if (asks([...WAITED, 'time'])) setInterval(again, 1000);
    },
    refresh: again,
    consent: guarded((given) => {
      consented = given === true;
      if (!consented) count.forget();
      else if (asks(KEPT)) guarded(() => count.remember(win.sessionStorage, `messengerAdmin:${config.sid}`))();
      update();
    }),
    report: guarded(reports.report),
  };
}
