/* Beside the campaign's form: how many will receive it, how it will go and what, fresh as the form is filled in. */
(() => {
    "use strict";

    const WAIT = 300; // ms after the last key
    const ASKED = [
        "notification", "page", "purpose", "audience_kind", "audience_prefix", "timing", "launch_at", "if_late",
        "keep_until",
        "messages_per_second", "quiet_from", "quiet_until", "canary_size", "failure_ceiling",
    ];

    function rowOf(name) {
        return document.querySelector(`.field-${name}`) || document.querySelector(`[name="${name}"]`)?.closest("div");
    }

    /* Fields that a choice makes pointless are hidden, never disabled: without this script they simply show. */
    function tidy(form) {
        const chosen = new FormData(form);
        const later = chosen.get("timing") === "later";
        const prefix = chosen.get("audience_kind") === "prefix";
        const rows = [["launch_at", later], ["if_late", later], ["audience_prefix", prefix]];
        rows.forEach(([name, shown]) => {
            const row = rowOf(name);
            if (row) row.hidden = !shown;
        });
    }

    /* What the server says of the choice stands in three other places too: beside the times, the pace and the fold. */
    function sayBeside(panel) {
        const { zone, pagePace, manner } = panel.querySelector("[data-zone]")?.dataset || {};
        const said = { "zone-said": zone, "page-pace-said": pagePace, "manner-said": manner };
        Object.entries(said).forEach(([name, words]) => {
            if (!words) return;
            document.querySelectorAll(`[data-${name}]`).forEach((place) => {
                place.textContent = words;
            });
        });
    }

    function start(panel, form) {
        let timer = 0;
        let asking = null;

        async function refresh() {
            asking?.abort();
            asking = new AbortController();
            const chosen = new FormData(form);
            const url = new URL(panel.dataset.audienceUrl, window.location.href);
            ASKED.forEach((name) => url.searchParams.set(name, chosen.get(name) || ""));
            try {
                const answer = await fetch(url, { signal: asking.signal, redirect: "error" });
                if (!answer.ok) throw new Error(answer.status);
                panel.innerHTML = await answer.text();
                sayBeside(panel);
            } catch (error) {
                if (error.name === "AbortError") return;
                const figure = panel.querySelector(".ledger-figure");
                if (figure) figure.textContent = panel.dataset.failed;
            }
        }

        function changed(event) {
            tidy(form);
            if (!ASKED.includes(event.target.name)) return;
            window.clearTimeout(timer);
            timer = window.setTimeout(refresh, WAIT);
        }

        form.addEventListener("input", changed);
        form.addEventListener("change", changed);
        // The searchable list announces its changes through jQuery alone.
        window.django?.jQuery?.(form).on("change", "select", (event) => changed(event));
        tidy(form);
        sayBeside(panel);
    }

    document.addEventListener("DOMContentLoaded", () => {
        const panel = document.querySelector("[data-audience-url]");
        const form = document.getElementById("campaign_form");
        if (panel && form) start(panel, form);
    });
})();
