// Values that the shop's page declares: read, and never trusted.

const NUMBER = /^-?[0-9]{1,13}(\.[0-9]{1,9})?$/;
const has = Object.prototype.hasOwnProperty;

// A member of its own, never one that every object has.
export const own = (object, name) => (object && has.call(object, name) ? object[name] : undefined);

export function asText(found) {
  if (typeof found === 'string') return found.trim();
  if (typeof found === 'boolean' || (typeof found === 'number' && isFinite(found))) return String(found);
  return '';
}

export function asNumber(found) {
  if (typeof found === 'number') return Math.abs(found) <= 1e12 ? found : null;
  if (typeof found === 'string' && NUMBER.test(found.trim())) return asNumber(Number(found));
  return null;
}
