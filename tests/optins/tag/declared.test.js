// Which member of the custom data is the customer_id.
import assert from 'node:assert/strict';
import test from 'node:test';

import {declared} from '../../../optins/tag/source/ids.js';

const cases = [
  [{}, '', ''],
  [null, '', ''],
  ['text', '', ''],
  [{extId: 'a'}, 'a', ''],
  [{EXTID: ' a '}, 'a', ''],
  [{extId: 'a', social_notification_customer_id: 'b'}, 'b', ''],
  [{extId: 'a', social_notification_customer_id: ''}, 'a', ''],
  [{extId: 'a', social_notification_customer_id: null}, 'a', ''],
  [{extId: 42}, '42', ''],
  [{extId: 2 ** 53}, '', 'number'],
  [{extId: 1.5}, '', 'number'],
  [{extId: {}}, '', 'nothing'],
  [{extId: true}, '', 'nothing'],
  [{extId: '{{id}}'}, '', 'placeholder'],
  [{extId: 'a', social_notification_customer_id: '{{id}}'}, '', 'placeholder'],
  [{extId: 'e\u0301'}, '\u00e9', ''],
  [Object.create({extId: 'inherited'}), '', ''],
];

for (const [data, id, mistake] of cases) {
  test(`${JSON.stringify(data)} is ${id || mistake || 'none'}`, () => assert.deepEqual(declared(data), {id, mistake}));
}
