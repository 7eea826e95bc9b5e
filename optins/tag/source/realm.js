// Where the script finds its built-ins. A page may have replaced them; then the script is loaded once more inside an
// empty frame, whose built-ins nobody touched, and looks after the page from there.

export const BOX = 'messenger-admin-box';

const RELIED_ON =
  'Object,Function,Array,String,RegExp,Map,Set,Promise,Date,AbortController,CustomEvent,MutationObserver,EventTarget,Node,Element,Document,DOMTokenList,Response,URL,JSON,fetch,setTimeout,setInterval,clearTimeout,open';

// Plain loops: what is judged here can't be relied on. Whatever fails in them is an answer too.
export function intact() {
  try {
    for (const added in {}) return !added && false;
    for (const place in []) return !place && false;
    if (!JSON.stringify) return false;
    const names = RELIED_ON.split(',');
    for (let at = 0; at < names.length; at++) {
      const one = globalThis[names[at]];
      if (!isNative(one) || !untouched(one) || !untouched(one.prototype)) return false;
    }
    return true;
  } catch {
    return false;
  }
}

// Each function that it holds is the browser's own.
function untouched(owner) {
  const names = owner ? Reflect.ownKeys(owner) : [];
  for (let at = 0; at < names.length; at++) {
    const held = Reflect.getOwnPropertyDescriptor(owner, names[at]);
    if (!isNative(held.value) || !isNative(held.get)) return false;
  }
  return true;
}

const isNative = (one) => typeof one !== 'function' || /\[native code\]/.test(Function.prototype.toString.call(one));

// Whether the script will run in a clean frame; `otherwise` is called where that turns out to be forbidden.
export function boxed(address, otherwise) {
  try {
    const frame = document.createElement('iframe');
    frame.name = BOX;
    frame.style.display = 'none';
    frame.onload = () => {
      frame.onload = null;
      try {
        const {document: inside, trustedTypes: types} = frame.contentWindow;
        const script = inside.createElement('script');
        script.src = types ? types.createPolicy(BOX, {createScriptURL: (one) => one}).createScriptURL(address) : address;
        inside.head.appendChild(script);
      } catch {
        otherwise();
      }
    };
    document.documentElement.insertAdjacentElement('beforeend', frame);
    return true;
  } catch {
    return false;
  }
}
