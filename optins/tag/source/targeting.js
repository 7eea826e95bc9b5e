// Who sees a button. The twin of pages/buttons/targeting.py: tests/data/targeting.json holds both to one table.
import {asNumber, asText, own} from './values.js';

const TEXTS = {
  is: (found, value) => found === value,
  is_not: (found, value) => found !== value,
  contains: (found, value) => found.includes(value),
  not_contains: (found, value) => !found.includes(value),
  starts_with: (found, value) => found.startsWith(value),
  matches: (found, value) => fits(value, found),
};
const NUMBERS = {
  equals: (found, value) => found === value,
  differs: (found, value) => found !== value,
  at_least: (found, value) => found >= value,
  at_most: (found, value) => found <= value,
  more_than: (found, value) => found > value,
  less_than: (found, value) => found < value,
};

// `rules` null: no rule at all; an empty list: all of them are switched off.
export const shows = (rules, visit) => !rules || rules.some((conditions) => firstNo(conditions, visit) === null);

// The number of the first condition that does not hold; null where all do.
export function firstNo(conditions, visit) {
  const place = conditions.findIndex((one) => !holds(one, visit));
  return place < 0 ? null : place;
}

function holds({what, operator, value}, visit) {
  if (what === 'address') return compare(visit.address, operator, value);
  if (what === 'device') return value.includes(visit.device);
  if (what === 'time') return within(value, visit.at);
  if (what.startsWith('data:')) return ofData(own(visit.data, what.slice(5)), operator, value);
  return NUMBERS[operator](visit[what], value);
}

function compare(found, operator, value) {
  return TEXTS[operator](found.toLowerCase(), String(value).toLowerCase());
}

// What is not declared, or is no text and no number, is not set; then only the negations hold.
function ofData(found, operator, value) {
  if (own(NUMBERS, operator)) {
    const number = asNumber(found);
    return number === null ? operator === 'differs' : NUMBERS[operator](number, value);
  }
  const text = asText(found);
  if (operator === 'is_set') return text !== '';
  if (operator === 'is_not_set') return text === '';
  return compare(text, operator, value);
}

// Wildcards over the whole text: `*` is any characters, `?` is one. By walking, so that none takes long.
export function fits(pattern, text) {
  let at = 0, place = 0, star = -1, mark = 0;
  while (at < text.length) {
    if (pattern[place] === '*') {
      star = place++;
      mark = at;
    } else if (pattern[place] === '?' || (place < pattern.length && pattern[place] === text[at])) {
      at++;
      place++;
    } else if (star >= 0) {
      at = ++mark;
      place = star + 1;
    } else return false;
  }
  while (pattern[place] === '*') place++;
  return place === pattern.length;
}

// `at` is {day, clock} on the site's clock: Monday is 1, and "09:30". Times that end before they begin cross midnight,
// and belong to the day on which they began.
function within({days, from, until}, {day, clock}) {
  if (from < until) return days.includes(day) && from <= clock && clock < until;
  const before = ((day + 5) % 7) + 1;
  return (days.includes(day) && clock >= from) || (days.includes(before) && clock < until);
}
