// When a page without reloads shows another one, or draws the place of a button later.
import {hear} from './look.js';

export function onMoves(win, moved) {
  hear(win, 'popstate', moved);
  hear(win, 'hashchange', moved);
  if (win.navigation) hear(win.navigation, 'currententrychange', moved);
  else for (const name of ['pushState', 'replaceState']) follow(win.history, name, moved);
}

// Politely: what it was called with, what it answers and what it raises stay as they are.
function follow(history, name, moved) {
  const before = history[name];
  history[name] = function () {
    const answer = before.apply(this, arguments);
    moved();
    return answer;
  };
}

// At most once in `pause` milliseconds.
export function onRedraw(win, pause, redrawn) {
  let waits = false;
  const seen = new MutationObserver(() => {
    if (waits) return;
    waits = true;
    setTimeout(() => {
      waits = false;
      redrawn();
    }, pause);
  });
  seen.observe(win.document.documentElement, {__proto__: null, childList: true, subtree: true});
}
