// What goes to our server: a click's question for a link, and mistakes that the administrator should know of.

const PATIENCE = 8000;

// Text, so that the browser asks no permission first. Raises whatever went wrong, late answers and odd ones included.
export async function ask(address, body, patience = PATIENCE) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), patience);
  try {
    const response = await fetch(address, {
      method: 'POST', mode: 'cors', credentials: 'omit', cache: 'no-store', redirect: 'error', signal: stop.signal,
      headers: {'Content-Type': 'text/plain;charset=UTF-8'}, body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(String(response.status));
    const {link, code, expires_at: until} = await response.json();
    if (typeof link !== 'string' || !/^https?:\/\//.test(link)) throw new Error('link');
    return {link, code: typeof code === 'string' ? code : '', until: Date.parse(until) || 0};
  } finally {
    clearTimeout(late);
  }
}

// Each once for a view of a page; whether it arrives is nobody's concern here.
export function reporting(address) {
  const told = new Set();
  return {
    report(what, detail = '') {
      const key = `${what} ${detail}`;
      if (!address || told.has(key)) return;
      told.add(key);
      try {
        navigator.sendBeacon(address, JSON.stringify({what, detail}));
      } catch {
        // a page that forbids it
      }
    },
    forget: () => told.clear(),
  };
}
