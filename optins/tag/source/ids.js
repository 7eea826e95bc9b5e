// Which customer_id the page declares, and the mistakes that can be seen in it. optins/customer_ids.py judges for good;
// tests/data/customer_ids.json holds both to one table.
import {asText, own} from './values.js';

const MAX_LENGTH = 255;
const NAMES = ['social_notification_customer_id', 'extid'];
const LEFT_IN = /\{\{.*\}\}|\$\{.*\}|<%.*%>|%[A-Z_]+%|\[\[.*\]\]|\{[A-Za-z_.]+\}/s;
const NOTHING =
  'undefined,null,none,nil,nan,false,true,[object object],customer_id,customerid,extid,ext_id,your_customer_id,user_id,userid,guest,anonymous';
const ZEROES = /^[0\-_ ]+$/;
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/u;

// {id, mistake}: without an id no button may ask for consent; the mistake is for the shop's administrator.
export function declared(data) {
  for (const name of NAMES) {
    const found = member(data, name);
    if (found === undefined || found === null || found === '') continue;
    return judged(found);
  }
  return {id: '', mistake: ''};
}

export function mistakeIn(id) {
  if (LEFT_IN.test(id)) return 'placeholder';
  if (NOTHING.split(',').includes(id.toLowerCase()) || ZEROES.test(id)) return 'nothing';
  if (EMAIL.test(id)) return 'e_mail';
  if ([...id].length > MAX_LENGTH) return 'too_long';
  return INVISIBLE.test(id) ? 'unprintable' : '';
}

function judged(found) {
  if (typeof found === 'number' && !Number.isSafeInteger(found)) return {id: '', mistake: 'number'};
  if (typeof found !== 'string' && typeof found !== 'number') return {id: '', mistake: 'nothing'};
  const text = asText(found).normalize('NFC');
  const mistake = mistakeIn(text);
  return {id: mistake ? '' : text, mistake};
}

// Shops spell it extId, extID, extid: the case says nothing.
function member(data, name) {
  if (data === null || typeof data !== 'object') return undefined;
  const spelt = Object.keys(data).find((key) => key.toLowerCase() === name);
  return spelt === undefined ? undefined : own(data, spelt);
}
