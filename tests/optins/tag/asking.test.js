// What is asked of our server, and what its answers are worth.
import assert from 'node:assert/strict';
import test, {afterEach} from 'node:test';

import {ask, reporting} from '../../../optins/tag/source/asking.js';

const HOME = 'https://admin.example/tag/501';
const real = globalThis.fetch;
afterEach(() => { globalThis.fetch = real; });

function answering(answer) {
  const sent = [];
  globalThis.fetch = async (address, options) => {
    sent.push({address, ...options, body: JSON.parse(options.body)});
    return answer(options);
  };
  return sent;
}

test('a click asks without cookies and without telling the page it comes from', async () => {
  const sent = answering(() => Response.json({link: 'https://m.me/1?ref=a', code: 'ABC123', expires_at: '2026-01-01T00:00:00Z'}));
  assert.deepEqual(await ask(HOME, {button: 1}), {link: 'https://m.me/1?ref=a', code: 'ABC123', until: 1767225600000});
  const [{address, method, credentials, referrerPolicy, redirect, body, headers}] = sent;
  assert.deepEqual([address, method, body], [`${HOME}/optin`, 'POST', {button: 1}]);
  assert.deepEqual([credentials, referrerPolicy, redirect], ['omit', 'no-referrer', 'error']);
  assert.equal(headers, undefined); // text, so that no permission is asked first
});

test('odd members are done without', async () => {
  answering(() => Response.json({link: 'https://m.me/1', code: 7, expires_at: 'soon'}));
  assert.deepEqual(await ask(HOME, {}), {link: 'https://m.me/1', code: '', until: 0});
});

for (const [name, answer] of [
  ['a refusal', () => Response.json({link: 'https://m.me/1'}, {status: 429})],
  ['no link', () => Response.json({})],
  ['a script for a link', () => Response.json({link: 'javascript:alert(1)'})],
  ['no JSON', () => new Response('<html>')],
  ['nothing', () => { throw new TypeError('refused'); }],
  ['null', () => Response.json(null)],
]) {
  test(`${name} is no answer`, () => {
    answering(answer);
    return assert.rejects(ask(HOME, {}));
  });
}

test('an answer that takes too long is none', async () => {
  answering(({signal}) => new Promise((_, reject) => { signal.onabort = () => reject(signal.reason); }));
  const begun = performance.now();
  await assert.rejects(ask(HOME, {}, 30));
  assert.ok(performance.now() - begun < 2000);
});

test('a mistake is told once for a view of a page, and outlives it', async () => {
  const sent = answering(() => { throw new TypeError('refused'); });
  const reports = reporting(HOME);
  reports.report('placeholder');
  reports.report('placeholder');
  reports.report('facebook_sdk', 'fr_FR');
  reports.forget();
  reports.report('placeholder');
  await new Promise(setImmediate);
  assert.deepEqual(sent.map(({body}) => body.what), ['placeholder', 'facebook_sdk', 'placeholder']);
  assert.ok(sent.every(({address, keepalive}) => keepalive && address === `${HOME}/report`));
});
