/* One conversation: new messages as they come, older ones when they are scrolled to, and answers that are never lost. */
(() => {
    "use strict";

    const NEAR = 120; // px from the end that count as looking at it

    const atEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
    const toEnd = (list) => { list.scrollTop = list.scrollHeight; };

    function newest(list) {
        const keys = [...list.querySelectorAll('[data-key^="m"]')].map((item) => Number(item.dataset.key.slice(1)));
        return Math.max(0, ...keys.filter(Number.isFinite));
    }

    /* Whoever looks has read it; a tab in the background has not. */
    function read(inbox, list) {
        if (document.hidden || !inbox.querySelector("[data-reply]") || !inbox.querySelector('.talk-unread a[aria-current]')) return;
        const form = inbox.querySelector(".talk-acts");
        if (form) post(form, { act: "read", until: newest(list) });
    }

    function post(form, values) {
        const body = new FormData(form);
        Object.entries(values).forEach(([name, value]) => body.set(name, value));
        return fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
    }

    function follow(inbox, list) {
        window.talk.parts.push((news) => {
            const end = atEnd(list);
            window.talk.merge(list, news.entries, false);
            ["head", "window", "panel"].forEach((name) => {
                const place = inbox.querySelector(`[data-part="${name}"]`);
                if (!place || place.contains(document.activeElement)) return;
                const folded = place.querySelector("details")?.open;
                place.innerHTML = news[name];
                if (folded !== undefined) place.querySelector("details").open = folded;
                place.querySelectorAll("[data-needless]").forEach((button) => { button.hidden = true; });
                window.talk.dress(place);
            });
            if (end) toEnd(list);
            composerFits(inbox);
            read(inbox, list);
        });
    }

    async function older(list) {
        const lead = list.querySelector("[data-older]");
        if (!lead || lead.dataset.busy) return;
        lead.dataset.busy = "yes";
        try {
            const answer = await fetch(`${list.dataset.olderUrl}?before=${encodeURIComponent(lead.dataset.older)}`, { redirect: "error" });
            if (!answer.ok) throw new Error(answer.status);
            const height = list.scrollHeight;
            const fresh = document.createElement("ol");
            fresh.innerHTML = await answer.text();
            const coming = new Set([...fresh.children].map((item) => item.dataset.key));
            list.querySelectorAll(".talk-day").forEach((day) => { if (coming.has(day.dataset.key)) day.remove(); });
            lead.replaceWith(...fresh.children);
            window.talk.dress(list);
            list.scrollTop += list.scrollHeight - height;
        } catch (error) {
            delete lead.dataset.busy;
        }
    }

    /* --- The answer ---------------------------------------------------------------------------------------- */

    const draftOf = (composer) => `talk-draft:${composer.dataset.thread}`;

    function refuse(composer, words) {
        const place = composer.querySelector("[data-refusal]");
        place.textContent = words;
        place.hidden = !words;
        if (words) place.scrollIntoView({ block: "nearest" });
    }

    /* Facebook counts characters, not what the browser keeps them in. */
    function count(composer) {
        const text = composer.querySelector("[data-text]");
        const place = composer.querySelector("[data-counter]");
        if (!text || !place) return true;
        const [length, most] = [[...text.value.trim()].length, Number(text.dataset.most)];
        place.textContent = length > most - 200 ? `${length} / ${most}` : "";
        place.classList.toggle("talk-over", length > most);
        return length <= most;
    }

    function composerFits(inbox) {
        const state = inbox.querySelector("[data-window]")?.dataset.window;
        const composer = inbox.querySelector("[data-composer]");
        const send = composer?.querySelector("form.talk-form [type=submit]");
        if (send) send.disabled = !["open", "agent"].includes(state) || !count(composer);
    }

    async function answer(composer, form, submitter) {
        const button = submitter || form.querySelector("[type=submit]");
        if (button.disabled) return;
        button.disabled = true;
        refuse(composer, "");
        const body = new FormData(form, submitter);
        try {
            const said = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
            if (said.type === "opaqueredirect") return refuse(composer, composer.dataset.out);
            const told = await said.json();
            if (!told.sent) return refuse(composer, told.why);
            sent(composer, form);
        } catch (error) {
            refuse(composer, composer.dataset.failed);
        } finally {
            button.disabled = false;
            composerFits(composer.closest("[data-inbox]"));
        }
        return undefined;
    }

    function sent(composer, form) {
        const name = form.querySelector('[name="form"]');
        if (name) name.value = crypto.getRandomValues(new Uint32Array(4)).join("-");
        if (form.querySelector("[data-text]")) {
            window.localStorage.removeItem(draftOf(composer));
            form.reset();
            form.querySelector("[data-text]").value = "";
        } else if (form.querySelector("[data-preview]")) {
            form.reset();
            form.querySelector("[data-preview]").innerHTML = "";
            form.closest("details").open = false;
        }
        toEnd(document.querySelector("[data-entries]"));
        window.talk.look();
    }

    function compose(inbox, composer) {
        const text = composer.querySelector("[data-text]");
        if (!text) return;
        text.value = text.value || window.localStorage.getItem(draftOf(composer)) || "";
        text.addEventListener("input", () => {
            window.localStorage.setItem(draftOf(composer), text.value);
            composerFits(inbox);
        });
        text.addEventListener("keydown", (event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            if (!text.form.querySelector("[type=submit]").disabled) text.form.requestSubmit();
        });
        composer.querySelector("[data-preview-url]")?.addEventListener("change", (event) => preview(event.target));
        composerFits(inbox);
    }

    async function preview(choice) {
        const place = choice.form.querySelector("[data-preview]");
        const answer_ = await fetch(`${choice.dataset.previewUrl}?notification=${encodeURIComponent(choice.value)}`, { redirect: "error" });
        if (answer_.ok) place.innerHTML = await answer_.text();
    }

    document.addEventListener("DOMContentLoaded", () => {
        const inbox = document.querySelector("[data-inbox][data-open]");
        const list = inbox?.querySelector("[data-entries]");
        if (!list) return;
        const composer = inbox.querySelector("[data-composer]");
        follow(inbox, list);
        compose(inbox, composer);
        if ("old" in inbox.dataset) list.scrollTop = list.scrollHeight / 2; else toEnd(list);
        if (window.innerWidth < 1280) inbox.querySelector(".talk-known").open = false;
        list.addEventListener("scroll", () => { if (list.scrollTop < NEAR) older(list); });
        inbox.addEventListener("click", (event) => { if (event.target.closest("[data-load-older]")) older(list); });
        inbox.addEventListener("submit", (event) => {
            if (!event.target.matches("[data-reply], [data-again]")) return;
            event.preventDefault();
            answer(composer, event.target, event.submitter);
        });
        read(inbox, list);
        document.addEventListener("visibilitychange", () => read(inbox, list));
    });
})();
