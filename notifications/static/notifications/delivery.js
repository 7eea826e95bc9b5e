/* The page of one delivery: follows it until it has come to its end, and copies its JSON. */
(() => {
    "use strict";

    const EVERY = 1500; // ms between questions while all is well
    const SLOWEST = 30000;

    function follow(page) {
        let pause = EVERY;
        const place = page.querySelector("[data-follows]");
        const words = place?.textContent;

        async function step() {
            try {
                const answer = await fetch(page.dataset.stateUrl, { redirect: "error" });
                if (!answer.ok) throw new Error(answer.status);
                const news = await answer.json();
                if (news.state !== page.dataset.state) return window.location.reload();
                if (place) place.textContent = words;
                pause = EVERY;
                if (news.final) return undefined;
            } catch (error) {
                if (place) place.textContent = place.dataset.lost;
                pause = Math.min(pause * 2, SLOWEST);
            }
            return window.setTimeout(step, pause);
        }
        window.setTimeout(step, EVERY);
    }

    function copying(button) {
        if (!navigator.clipboard) return;
        const words = button.textContent;
        button.hidden = false;
        button.addEventListener("click", async () => {
            await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
            button.textContent = button.dataset.copied;
            window.setTimeout(() => { button.textContent = words; }, 2000);
        });
    }

    document.addEventListener("DOMContentLoaded", () => {
        document.querySelectorAll("[data-state-url]").forEach(follow);
        document.querySelectorAll("[data-copy]").forEach(copying);
    });
})();
