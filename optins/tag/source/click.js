// From a click to Messenger. The tab is opened at once, while the browser still takes it for the visitor's wish, and
// is sent on its way when the server has answered; the page that opened it is out of its reach.
import {ask} from './asking.js';
import {element} from './look.js';
import {action, linkTo} from './sheet.js';

export function clicking({config, words, sheet, told}) {
  let busy = false;
  async function go(body, control) {
    if (busy) return;
    busy = true;
    told('clicked', body.button);
    control.setAttribute('aria-busy', 'true');
    const tab = blank(words.wait);
    try {
      const answer = await ask(config.home, body);
      if (tab && !tab.closed) tab.location.replace(answer.link);
      sheet.show({...answered(words, answer), from: control, until: answer.until});
      told('opened', body.button);
    } catch {
      if (tab) tab.close();
      sheet.show({...failed(words, config, () => go(body, control)), from: control});
      told('failed', body.button);
    } finally {
      control.removeAttribute('aria-busy');
      busy = false;
    }
  }
  return go;
}

function blank(text) {
  try {
    const tab = globalThis.open('', '_blank');
    if (!tab) return null;
    tab.opener = null;
    tab.document.title = text;
    tab.document.body.textContent = text;
    return tab;
  } catch {
    return null;
  }
}

// The link stands there too: a browser may have kept the tab from opening.
function answered(words, {link, code}) {
  const typed = code ? [words.code, element('p', {class: 'code', dir: 'ltr'}, code)] : [];
  return {title: words.opened, texts: [words.answer, ...typed], rows: [linkTo(link, words.open)]};
}

function failed(words, {link}, again) {
  const rows = [action(words.again, again), link && linkTo(link, words.write)];
  return {title: words.failed, texts: [words.nothing], rows};
}
