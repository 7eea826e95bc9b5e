// What targeting asks about a visit. Counted in memory; only after the visitor's consent in the tab's session storage.

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

export function deviceOf({userAgent = '', maxTouchPoints = 0}) {
  if (/iPad|Tablet|Silk/i.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)) return 'tablet';
  if (/Android/i.test(userAgent)) return /Mobile/i.test(userAgent) ? 'mobile' : 'tablet';
  return /Mobi|iPhone|iPod/i.test(userAgent) ? 'mobile' : 'desktop';
}

// Day and hour on the site's clock, whatever the visitor's says.
export function clockOf(zone, now) {
  const options = {weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23'};
  const parts = Object.create(null);
  for (const {type, value} of new Intl.DateTimeFormat('en-GB', {...options, timeZone: zone}).formatToParts(now)) {
    parts[type] = value;
  }
  return {day: DAYS.indexOf(parts.weekday) + 1, clock: `${parts.hour}:${parts.minute}`};
}

// `now` in milliseconds. Seconds on the page begin anew with each address; those on the site go on.
export function counting(now, address) {
  const count = {page: now, site: now, pages: 1, address: place(address)};
  let store = null, key = '';
  const write = () => {
    try {
      if (store) store.setItem(key, `${count.site} ${count.pages}`);
    } catch {
      store = null; // full, or switched off: in memory, then
    }
  };
  return {
    moved(at, to) {
      if (place(to) === count.address) return false;
      count.address = place(to);
      count.page = at;
      count.pages++;
      write();
      return true;
    },
    remember(storage, name) {
      if (store) return;
      store = storage;
      key = name;
      try {
        const [since, pages] = (storage.getItem(name) || '').split(' ').map(Number);
        if (since > 0 && since <= count.site) count.site = since;
        if (pages > 0) count.pages += pages;
      } catch {
        store = null;
      }
      write();
    },
    forget() {
      try {
        if (store) store.removeItem(key);
      } catch {
        // nothing was kept
      }
      store = null;
    },
    seen: (at) => ({seconds_on_page: (at - count.page) / 1000, seconds_on_site: (at - count.site) / 1000, pages_seen: count.pages}),
  };
}

// A fragment is another place on the same page, unless it is a route.
function place(address) {
  const [path, fragment = ''] = address.split('#');
  return /^!?\//.test(fragment) ? address : path;
}
