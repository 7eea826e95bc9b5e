/* The inbox's list: follows what is new, goes on with older ones, and is walked with the keyboard. Without it links and
   forms do the same, one page at a time. */
(() => {
    "use strict";

    const EVERY = 3000; // ms between questions while all is well and somebody looks
    const SLOWEST = 30000;
    const SOON = 2 * 60 * 60; // s: a window that closes so soon is marked

    const talk = { parts: [], pause: EVERY };
    window.talk = talk;

    /* Puts a stretch of fresh items into a list that is kept in the order of data-at. What the list has within the
       stretch and the fresh items don't is gone. `newestFirst` is how the list is sorted. */
    talk.merge = (list, html, newestFirst) => {
        const fresh = document.createElement("ol");
        fresh.innerHTML = html;
        const items = [...fresh.children];
        const timed = items.filter((item) => item.dataset.at);
        const oldest = timed.map((item) => item.dataset.at).sort()[0] || "";
        const keys = new Set(items.map((item) => item.dataset.key));
        const kept = [...list.children].filter((item) => !keys.has(item.dataset.key) && item.dataset.at && item.dataset.at < oldest);
        // What leads to older items is that of the older stretch, where one was loaded.
        const leads = [...list.children].filter((item) => !item.dataset.at);
        const untimed = kept.length ? leads : items.filter((item) => !item.dataset.at);
        const sorted = [...kept, ...timed].sort((one, other) => (one.dataset.at < other.dataset.at ? -1 : Number(one.dataset.at > other.dataset.at)));
        list.replaceChildren(...(newestFirst ? [...sorted.reverse(), ...untimed] : [...untimed, ...sorted]));
        talk.dress(list);
    };

    /* Pictures that Facebook took away leave the initials; what ends says how soon. */
    talk.dress = (place) => {
        place.querySelectorAll("img[data-face]").forEach((face) => {
            face.addEventListener("error", () => { face.hidden = true; });
        });
        talk.count(place);
    };

    talk.count = (place) => {
        const words = document.querySelector("[data-composer]")?.dataset;
        let ended = false;
        place.querySelectorAll("[data-until]").forEach((window_) => {
            const left = Math.floor((new Date(window_.dataset.until) - Date.now()) / 1000);
            const [hours, minutes] = [Math.floor(left / 3600), Math.floor((left % 3600) / 60)];
            const long = Boolean(window_.closest("[data-window]"));
            const form = long ? (hours ? words?.hours : words?.minutes) : (hours ? "{h} h" : "{m} min");
            const text = left < 0 ? "" : (form || "").replace("{h}", hours).replace("{m}", Math.max(minutes, hours ? 0 : 1));
            const said = window_.querySelector("[data-left]");
            if (said && said.textContent !== text) said.textContent = text;
            window_.classList.toggle("talk-soon", left < SOON);
            ended = ended || (long && left < 0);
        });
        return ended;
    };

    async function ask(inbox) {
        const url = new URL(inbox.dataset.newsUrl, window.location.href);
        new URLSearchParams(inbox.dataset.query).forEach((value, name) => url.searchParams.set(name, value));
        url.searchParams.set("list", inbox.dataset.listVersion);
        if (inbox.dataset.open && !("old" in inbox.dataset)) {
            url.searchParams.set("open", inbox.dataset.open);
            url.searchParams.set("thread", inbox.dataset.threadVersion);
        }
        const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
    }

    function show(inbox, news) {
        if (news.list) {
            const rows = inbox.querySelector("[data-rows]");
            const key = document.activeElement?.closest?.("[data-rows] [data-key]")?.dataset.key;
            talk.merge(rows, news.list.rows, true);
            if (key) rows.querySelector(`[data-key="${key}"] a`)?.focus({ preventScroll: true });
            inbox.dataset.listVersion = news.list.version;
        }
        if (news.thread) {
            talk.parts.forEach((part) => part(news.thread));
            inbox.dataset.threadVersion = news.thread.version;
        }
    }

    function follow(inbox) {
        let timer = 0;
        async function step() {
            window.clearTimeout(timer);
            if (!document.hidden) {
                try {
                    show(inbox, await ask(inbox));
                    talk.pause = EVERY;
                    inbox.removeAttribute("title");
                } catch (error) {
                    inbox.title = inbox.dataset.lost;
                    talk.pause = Math.min(talk.pause * 2, SLOWEST);
                }
            }
            timer = window.setTimeout(step, talk.pause);
        }
        talk.look = step;
        timer = window.setTimeout(step, EVERY);
        document.addEventListener("visibilitychange", () => { if (!document.hidden) step(); });
        window.setInterval(() => { if (talk.count(inbox)) step(); }, 20000);
    }

    async function more(inbox, link) {
        const answer = await fetch(`${inbox.dataset.rowsUrl}?${link.dataset.more}`, { redirect: "error" });
        if (!answer.ok) { window.location.assign(link.href); return; }
        const item = link.closest("li");
        const fresh = document.createElement("ol");
        fresh.innerHTML = await answer.text();
        const had = new Set([...item.parentElement.children].map((row) => row.dataset.key));
        had.delete("more");
        const first = [...fresh.children].find((row) => row.dataset.at && !had.has(row.dataset.key));
        item.replaceWith(...[...fresh.children].filter((row) => !had.has(row.dataset.key)));
        first?.querySelector("a").focus();
        talk.dress(inbox);
    }

    function move(inbox, by) {
        const links = [...inbox.querySelectorAll("[data-row]")];
        const here = document.activeElement?.matches?.("[data-row]") ? document.activeElement : inbox.querySelector("[data-row][aria-current]");
        const index = here ? links.indexOf(here) + by : 0;
        links[Math.max(0, Math.min(index, links.length - 1))]?.focus();
    }

    const KEYS = {
        j: (inbox) => move(inbox, 1),
        k: (inbox) => move(inbox, -1),
        "/": (inbox) => inbox.querySelector("[data-search]")?.select(),
        r: (inbox) => inbox.querySelector("[data-text]")?.focus(),
    };

    function keys(inbox) {
        document.addEventListener("keydown", (event) => {
            const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
            if (event.key === "Escape" && typing) return void typing.blur();
            if (typing || event.ctrlKey || event.metaKey || event.altKey) return undefined;
            const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            const act = KEYS[event.key] || (arrow && event.target.closest?.("[data-rows]") && (() => move(inbox, arrow)));
            if (!act) return undefined;
            event.preventDefault();
            return act(inbox);
        });
    }

    /* The list stays where it was when the next conversation is opened. */
    function remember(rows) {
        const key = `talk-list:${document.querySelector("[data-inbox]").dataset.query}`;
        rows.scrollTop = Number(window.sessionStorage.getItem(key) || 0);
        window.addEventListener("pagehide", () => window.sessionStorage.setItem(key, rows.scrollTop));
        rows.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    }

    /* Nobody has written yet: the first who does is shown without being asked for. */
    async function await_(empty) {
        const news = document.hidden ? {} : await ask(empty).catch(() => ({}));
        if (news.list) window.location.reload();
        else window.setTimeout(await_, EVERY, empty);
    }

    document.addEventListener("DOMContentLoaded", () => {
        const awaited = document.querySelector("[data-awaited]");
        if (awaited) await_(awaited);
        const inbox = document.querySelector("[data-inbox]");
        if (!inbox) return;
        inbox.addEventListener("click", (event) => {
            const link = event.target.closest("[data-more]");
            if (!link || event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            more(inbox, link);
        });
        inbox.addEventListener("change", (event) => {
            if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
        });
        inbox.querySelectorAll("[data-needless]").forEach((button) => { button.hidden = true; });
        talk.dress(inbox);
        remember(inbox.querySelector("[data-rows]"));
        keys(inbox);
        follow(inbox);
    });
})();
