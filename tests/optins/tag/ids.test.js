// Which ids the tag takes for mistakes: the table that the server obeys too.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';

import {mistakeIn} from '../../../optins/tag/source/ids.js';

const cases = JSON.parse(readFileSync(new URL('../../data/customer_ids.json', import.meta.url)));

for (const [id, mistake] of cases) {
  test(JSON.stringify(id).slice(0, 40), () => assert.equal(mistakeIn(id), mistake));
}
