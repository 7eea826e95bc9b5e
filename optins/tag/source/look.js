// Shadow roots and what stands in them.

// An element without markup: `innerHTML` is refused where a page asks for trusted types.
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value) made.setAttribute(key, value);
  made.append(...children.filter(Boolean));
  return made;
}

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
