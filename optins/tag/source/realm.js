// Where the script finds its built-ins. A page may have replaced them; then the script is loaded once more inside an
// empty frame, whose built-ins nobody touched, and looks after the page from there.

export const BOX = 'messenger-admin-box';

const METHODS = [
  [Array.prototype, 'every,filter,find,findIndex,forEach,includes,map,push,slice,some'],
  [String.prototype, 'includes,indexOf,replace,slice,split,startsWith,toLowerCase,trim'],
  [Object, 'create,entries,keys,values'],
  [Function.prototype, 'apply,bind,call'],
  [EventTarget.prototype, 'addEventListener'],
  [Node.prototype, 'appendChild,contains'],
  [Element.prototype, 'append,attachShadow,setAttribute'],
  [Document.prototype, 'createElement,createElementNS,querySelector'],
  [JSON, 'stringify'],
  [globalThis, 'AbortController,Date,Map,MutationObserver,Promise,Set,fetch,setInterval,setTimeout'],
];

// Plain loops: what is judged here can't be relied on. Whatever fails in them is an answer too.
export function intact() {
  try {
    for (const added in {}) return !added && false;
    for (const place in []) return !place && false;
    if ('toJSON' in Array.prototype || 'toJSON' in String.prototype) return false;
    const shown = Function.prototype.toString;
    for (let row = 0; row < METHODS.length; row++) {
      const [owner, names] = METHODS[row];
      const list = names.split(',');
      for (let at = 0; at < list.length; at++) {
        if (!/\[native code\]/.test(shown.call(owner[list[at]]))) return false;
      }
    }
    return true;
  } catch {
    return false;
  }
}

// Whether the script will run in a clean frame instead.
export function boxed(address) {
  try {
    const frame = document.createElement('iframe');
    frame.name = BOX;
    frame.hidden = true;
    frame.title = '';
    frame.setAttribute('aria-hidden', 'true');
    frame.style.display = 'none';
    frame.onload = () => {
      frame.onload = null;
      const inside = frame.contentDocument;
      const script = inside.createElement('script');
      script.src = address;
      inside.head.appendChild(script);
    };
    document.documentElement.appendChild(frame);
    return true;
  } catch {
    return false;
  }
}
