// What follows a click, in a corner of its own: it moves nothing on the page. Esc closes it; focus goes back.
import {element, find, hear, put, shadowOf} from './look.js';

export function sheetOf(win, words, styles) {
  let host = null, back = null, timer = 0;
  function close() {
    clearTimeout(timer);
    if (!host) return;
    host.remove();
    host = null;
    if (back && back.isConnected) back.focus();
  }
  // `rows` are below the text; `until` is when what is shown stops being good (milliseconds, 0: never; in days, not weeks).
  function show({title, texts, rows, from, until = 0}) {
    close();
    back = from;
    host = element('messenger-admin-sheet', {lang: words.language, 'data-floats': 'yes'});
    const root = shadowOf(host, win, styles);
    const shut = element('button', {class: 'close', type: 'button', 'aria-label': words.close}, '×');
    const sheet = element(
      'div', {class: 'sheet', role: 'dialog', 'aria-labelledby': 'title', tabindex: '-1'},
      element('h2', {id: 'title'}, title), ...texts.map((one) => (typeof one === 'string' ? element('p', {}, one) : one)),
      element('div', {class: 'row'}, ...rows), shut,
    );
    hear(shut, 'click', close);
    hear(sheet, 'keydown', (event) => event.key === 'Escape' && close());
    root.append(sheet);
    put(find(win.document, 'body'), host);
    sheet.focus();
    if (until > Date.now()) timer = setTimeout(close, until - Date.now());
  }
  return {show, close};
}

export function linkTo(href, text) {
  return element('a', {class: 'mb mb-white mb-standard', href, target: '_blank', rel: 'noopener noreferrer'}, element('span', {}, text));
}

export function action(text, act) {
  const made = element('button', {class: 'mb mb-blue mb-standard', type: 'button'}, element('span', {}, text));
  hear(made, 'click', act);
  return made;
}
