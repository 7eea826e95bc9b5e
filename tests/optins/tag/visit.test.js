// What is known of a visit, and what is kept of it.
import assert from 'node:assert/strict';
import test from 'node:test';

import {clockOf, counting, deviceOf} from '../../../optins/tag/source/visit.js';

const SHOP = 'https://shop.example';

function storage(start = {}) {
  const kept = {...start};
  return {
    kept,
    getItem: (name) => kept[name] ?? null,
    setItem: (name, value) => { kept[name] = value; },
    removeItem: (name) => { delete kept[name]; },
  };
}

for (const [device, userAgent, maxTouchPoints] of [
  ['desktop', 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140', 0],
  ['desktop', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 0],
  ['tablet', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 5],
  ['tablet', 'Mozilla/5.0 (Linux; Android 15; SM-X900)', 5],
  ['mobile', 'Mozilla/5.0 (Linux; Android 15; Pixel 9) Mobile', 5],
  ['mobile', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)', 5],
  ['desktop', undefined, undefined],
]) {
  test(`${device}: ${userAgent}`, () => assert.equal(deviceOf({userAgent, maxTouchPoints}), device));
}

test('day and hour are those of the zone, summer time included', () => {
  assert.deepEqual(clockOf('Europe/Paris', new Date('2026-07-05T22:30:00Z')), {day: 1, clock: '00:30'});
  assert.deepEqual(clockOf('Europe/Paris', new Date('2026-12-06T22:30:00Z')), {day: 7, clock: '23:30'});
  assert.deepEqual(clockOf('Pacific/Kiritimati', new Date('2026-12-06T10:00:00Z')), {day: 1, clock: '00:00'});
});

test('another address is another page, a fragment is not, a route is', () => {
  const count = counting(0, `${SHOP}/a`);
  assert.equal(count.moved(1000, `${SHOP}/a#reviews`), false);
  assert.equal(count.moved(2000, `${SHOP}/b`), true);
  assert.equal(count.moved(3000, `${SHOP}/b#/route`), true);
  assert.deepEqual(count.seen(5000), {seconds_on_page: 2, seconds_on_site: 5, pages_seen: 3});
});

test('nothing is written before consent, and all is taken away with it', () => {
  const count = counting(10_000, SHOP), store = storage();
  count.moved(11_000, `${SHOP}/b`);
  assert.deepEqual(store.kept, {});
  count.remember(store, 'key');
  assert.deepEqual(store.kept, {key: '10000 2'});
  count.forget();
  assert.deepEqual(store.kept, {});
  count.moved(12_000, `${SHOP}/c`);
  assert.deepEqual(store.kept, {});
});

test('a visit goes on where an earlier page left it', () => {
  const count = counting(60_000, SHOP);
  count.remember(storage({key: '20000 4'}), 'key');
  assert.deepEqual(count.seen(60_000), {seconds_on_page: 0, seconds_on_site: 40, pages_seen: 5});
});

test('what is kept may be nonsense, or from tomorrow', () => {
  for (const value of ['', 'x y', '99999999 -3', '[object Object]']) {
    const count = counting(60_000, SHOP);
    count.remember(storage({key: value}), 'key');
    assert.deepEqual(count.seen(60_000), {seconds_on_page: 0, seconds_on_site: 0, pages_seen: 1});
  }
});

test('a storage that refuses is done without', () => {
  const refuses = () => { throw new Error('full'); };
  const count = counting(0, SHOP);
  count.remember({getItem: refuses, setItem: refuses, removeItem: refuses}, 'key');
  count.moved(1000, `${SHOP}/b`);
  count.forget();
  assert.equal(count.seen(1000).pages_seen, 2);
});
