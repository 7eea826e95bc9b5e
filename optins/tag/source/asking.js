// What goes to our server: a click's question for a link, and mistakes that the administrator should know of.

const PATIENCE = 8000;

// Text, so that the browser asks no permission first. Of the shop's page only the origin goes with it.
const posted = (address, body, more) => fetch(address, {
  method: 'POST', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', body: JSON.stringify(body), ...more,
});

// Raises whatever went wrong, late answers and odd ones included.
export async function ask(home, body, patience = PATIENCE) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), patience);
  try {
    const response = await posted(`${home}/optin`, body, {signal: stop.signal});
    if (!response.ok) throw response;
    const {link, code, expires_at: until} = await response.json();
    if (typeof link !== 'string' || !/^https?:\/\//.test(link)) throw response;
    return {link, code: typeof code === 'string' ? code : '', until: Date.parse(until) || 0};
  } finally {
    clearTimeout(late);
  }
}

// Each once for a view of a page; whether it arrives is nobody's concern here.
export function reporting(home) {
  const told = new Set();
  return {
    report(what, detail = '') {
      const key = `${what} ${detail}`;
      if (told.has(key)) return;
      told.add(key);
      posted(`${home}/report`, {what, detail}, {keepalive: true}).catch(() => {});
    },
    forget: () => told.clear(),
  };
}
