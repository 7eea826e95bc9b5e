/* Moves an import's numbers while it is checked and runs, and says at once that a file is too large. */
(() => {
    "use strict";

    const EVERY = 1000; // ms between questions while all is well
    const SLOWEST = 30000; // after failures the pause doubles up to this
    const WINDOW = 30; // s over which the rate is measured

    function show(panel, news) {
        panel.querySelectorAll("[data-count]").forEach((cell) => {
            cell.textContent = news.counts[cell.dataset.count];
            cell.toggleAttribute("data-zero", cell.textContent === "0");
        });
        const bar = panel.querySelector("[data-bar]");
        if (bar) bar.value = news.percent;
        const words = { percent: `${news.percent} %`, rows: news.rows, pace: news.pace };
        Object.entries(words).forEach(([name, text]) => {
            const place = panel.querySelector(`[data-${name}]`);
            if (place) place.textContent = text;
        });
    }

    function complain(panel, words) {
        const place = panel.querySelector("[data-trouble]");
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
                url.searchParams.set("offset", samples[0].offset);
            }
            const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
            if (!answer.ok) throw new Error(answer.status);
            return answer.json();
        }

        async function step() {
            try {
                const news = await ask();
                // Another state has other buttons and other words: the server draws them.
                if (news.standing !== panel.dataset.standing) return window.location.reload();
                samples = [...samples, news].filter((sample) => news.at - sample.at <= WINDOW);
                show(panel, news);
                complain(panel, "");
                pause = EVERY;
            } catch (error) {
                complain(panel, panel.dataset.lost);
                pause = Math.min(pause * 2, SLOWEST);
            }
            return window.setTimeout(step, pause);
        }
        window.setTimeout(step, EVERY);
    }

    function guard(form) {
        const field = form.querySelector("input[type=file]");
        field.addEventListener("change", () => {
            const [file] = field.files;
            const tooBig = file && file.size > Number(field.dataset.most);
            field.setCustomValidity(tooBig ? field.dataset.tooBig : "");
            field.reportValidity();
        });
        form.addEventListener("submit", () => {
            form.querySelector("[data-uploading]").hidden = false;
            form.querySelector("button[type=submit]").disabled = true;
        });
        // Come back to by the browser's own button, the form may be sent again.
        window.addEventListener("pageshow", () => {
            form.querySelector("[data-uploading]").hidden = true;
            form.querySelector("button[type=submit]").disabled = false;
        });
    }

    document.addEventListener("DOMContentLoaded", () => {
        document.querySelectorAll('[data-import][data-final="no"]').forEach(follow);
        document.querySelectorAll("[data-upload]").forEach(guard);
    });
})();
