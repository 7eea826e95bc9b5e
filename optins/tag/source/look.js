// Shadow roots and what stands in them.

// An element without markup: `innerHTML` is refused where a page asks for trusted types.
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value) made.setAttribute(key, value);
  made.append(...children.filter(Boolean));
  return made;
}

// Whatever the page did to its elements: a form whose name is `body` answers in the body's stead, a library's `append`
// in the browser's.
export const find = (page, selector) => Document.prototype.querySelector.call(page, selector);
export const put = (place, child) => Node.prototype.appendChild.call(place, child);
export const hear = (target, name, heard) => EventTarget.prototype.addEventListener.call(target, name, heard);

// A shadow root with the styles: constructed, which no policy for content forbids; an old browser gets an element.
export function shadowOf(host, view, styles) {
  Document.prototype.adoptNode.call(view.document, host);
  const root = host.attachShadow({mode: 'open'});
  try {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(styles);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(element('style', {}, styles));
  }
  return root;
}
