// Following a page that moves without reloading, politely.
import assert from 'node:assert/strict';
import test from 'node:test';

import {onMoves, onRedraw} from '../../../optins/tag/source/moving.js';

function page(facts = {}) {
  const win = new EventTarget();
  const calls = [];
  const history = {
    pushState(...given) { calls.push(given); return 'pushed'; },
    replaceState() { throw new Error('the shop’s own'); },
  };
  return Object.assign(win, {history, calls, ...facts});
}

test('going back and a fragment are moves', () => {
  const win = page();
  let moves = 0;
  onMoves(win, () => moves++);
  win.dispatchEvent(new Event('popstate'));
  win.dispatchEvent(new Event('hashchange'));
  assert.equal(moves, 2);
});

test('without the navigation interface the history is followed, and behaves as before', () => {
  const win = page();
  let moves = 0;
  onMoves(win, () => moves++);
  assert.equal(win.history.pushState(1, '', '/a'), 'pushed');
  assert.deepEqual([win.calls, moves], [[[1, '', '/a']], 1]);
  assert.throws(() => win.history.replaceState(), /the shop’s own/);
  assert.equal(moves, 1);
});

test('with it the history is left alone', () => {
  const navigation = new EventTarget(), win = page({navigation});
  const before = win.history.pushState;
  let moves = 0;
  onMoves(win, () => moves++);
  assert.equal(win.history.pushState, before);
  navigation.dispatchEvent(new Event('currententrychange'));
  assert.equal(moves, 1);
});

test('many changes of a page are one', async () => {
  let changed = null, redrawn = 0;
  globalThis.MutationObserver = class {
    constructor(heard) { changed = heard; }
    observe() {}
  };
  onRedraw({document: {documentElement: {}}}, 10, () => redrawn++);
  for (let change = 0; change < 50; change++) changed();
  await new Promise((done) => setTimeout(done, 40));
  assert.equal(redrawn, 1);
  changed();
  await new Promise((done) => setTimeout(done, 40));
  assert.equal(redrawn, 2);
  delete globalThis.MutationObserver;
});
