// Who sees a button: the table that the server obeys too.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';

import {firstNo, fits, shows} from '../../../optins/tag/source/targeting.js';

const cases = JSON.parse(readFileSync(new URL('../../data/targeting.json', import.meta.url)));

function visitOf({at, ...visit}) {
  return {...visit, at: {day: new Date(`${at}Z`).getUTCDay() || 7, clock: at.slice(11)}};
}

for (const {name, conditions, visit, no} of cases) {
  test(name, () => assert.equal(firstNo(conditions, visitOf(visit)), no));
}

test('several rules are alternatives', () => {
  const {conditions, visit} = cases[2];
  assert.equal(shows([conditions, []], visitOf(visit)), true);
  assert.equal(shows([conditions], visitOf(visit)), false);
});

test('no rule shows everywhere, and rules that are all off nowhere', () => {
  assert.equal(shows(null, {}), true);
  assert.equal(shows([], {}), false);
});

test('no pattern takes long', () => {
  const begun = performance.now();
  assert.equal(fits('*a'.repeat(200), 'a'.repeat(2000) + 'b'), false);
  assert.ok(performance.now() - begun < 500);
});
