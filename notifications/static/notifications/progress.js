/* Moves a campaign's numbers while it sends. Without it the page is right as of its loading. */
(() => {
    "use strict";

    const EVERY = 1000; // ms between questions while all is well
    const SLOWEST = 30000; // after failures the pause doubles up to this
    const WINDOW = 15; // s over which the rate is measured

    function show(panel, news) {
        panel.querySelectorAll("[data-count]").forEach((cell) => {
            cell.textContent = news.counts[cell.dataset.count];
        });
        panel.querySelectorAll("[data-row]").forEach((row) => {
            row.classList.toggle("ledger-zero", news.counts[row.dataset.row] === "0");
        });
        panel.querySelectorAll("[data-tone]").forEach((part) => {
            part.style.width = `${news.widths[part.dataset.tone]}%`;
        });
        panel.querySelector("[data-bar]")?.setAttribute("aria-valuenow", news.percent);
        const words = { percent: `${news.percent} %`, summary: news.summary, pace: news.pace };
        Object.entries(words).forEach(([name, text]) => {
            const place = panel.querySelector(`[data-${name}]`);
            if (place) place.textContent = text;
        });
    }

    function complain(panel, words) {
        const place = panel.querySelector("[data-trouble]");
        if (!place) return;
        place.textContent = words;
        place.hidden = !words;
    }

    function follow(panel) {
        let samples = [];
        let pause = EVERY;

        async function ask() {
            const url = new URL(panel.dataset.progressUrl, window.location.href);
            if (samples.length) {
                url.searchParams.set("at", samples[0].at);
                url.searchParams.set("done", samples[0].done);
            }
            const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
            if (!answer.ok) throw new Error(answer.status);
            return answer.json();
        }

        async function step() {
            try {
                const news = await ask();
                // Another standing has other buttons and other words: the server draws them.
                if (news.standing !== panel.dataset.standing) return window.location.reload();
                samples = [...samples, news].filter((sample) => news.at - sample.at <= WINDOW);
                show(panel, news);
                complain(panel, "");
                pause = EVERY;
                if (news.final) return undefined;
            } catch (error) {
                complain(panel, panel.dataset.lost);
                pause = Math.min(pause * 2, SLOWEST);
            }
            return window.setTimeout(step, pause);
        }
        window.setTimeout(step, EVERY);
    }

    document.addEventListener("DOMContentLoaded", () => {
        document.querySelectorAll('[data-progress-url][data-final="no"]').forEach(follow);
    });
})();
