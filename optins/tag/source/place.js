// Where buttons stand: floating ones in the corners of the window, fixed ones inside the shop's own elements.
import {element, find, put, shadowOf} from './look.js';

const TAG = 'messenger-admin-buttons';

// `corners` are shared by all the tags on a page: their buttons stand one above another, not one upon another.
export function placing(win, styles, corners) {
  const fixed = new Map();
  return {
    // Whether it found its place. `shown` false keeps the room of a fixed button, so that nothing moves later.
    put(button, item, shown) {
      item.classList[shown ? 'remove' : 'add']('away');
      return button.placement === 'fixed' ? within(button, item) : above(button, item, shown);
    },
    // Taken away for good: the page has moved on.
    take(button, item) {
      item.remove();
      const host = fixed.get(button.id);
      if (host) host.remove();
      fixed.delete(button.id);
      for (const {host: one, spot} of corners.values()) if (!spot.firstChild) one.remove();
    },
  };

  function above(button, item, shown) {
    if (!shown) return item.remove();
    const key = `${button.corner} ${button.x} ${button.y}`;
    if (!corners.has(key)) corners.set(key, corner(button));
    const {host, spot} = corners.get(key);
    if (item.parentNode !== spot) spot.append(item);
    if (!host.isConnected) put(find(win.document, 'body'), host);
    return true;
  }

  function corner({corner: name, x, y}) {
    const host = element(TAG, {'data-floats': 'yes'});
    const spot = element('div', {class: `mb-place mb-floating mb-${name}`});
    spot.style.setProperty('--mb-x', `${Number(x)}px`);
    spot.style.setProperty('--mb-y', `${Number(y)}px`);
    shadowOf(host, win, styles).append(spot);
    return {host, spot};
  }

  function within(button, item) {
    const target = first(win.document, button.selector);
    if (!target) return false;
    let host = fixed.get(button.id);
    if (!host) {
      host = element(TAG, {});
      shadowOf(host, win, styles).append(item);
      fixed.set(button.id, host);
    } else if (item.getRootNode() !== host.shadowRoot) host.shadowRoot.replaceChildren(item);
    if (host.parentNode !== target) put(target, host);
    return true;
  }
}

// A selector that the browser refuses finds nothing.
function first(document, selector) {
  try {
    return find(document, selector);
  } catch {
    return null;
  }
}
