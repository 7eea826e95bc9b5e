/* Helps to choose among many pages: a filter, a count on the button, a site that is offered once. The form works without. */
(() => {
    "use strict";

    const form = document.getElementById("choose");
    if (!form) return;
    const rows = [...form.querySelectorAll(".ma-choose-page")];
    const filter = document.getElementById("filter");
    const shown = document.getElementById("shown");
    const link = document.getElementById("link");
    const boxes = rows.map((row) => row.querySelector("input[type=checkbox]"));

    // Accents and capitals do not keep anybody from finding a name.
    const PART_OF_AN_ID = /^\d{5,}$/;
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

    function narrow() {
        const sought = plain(filter.value.trim());
        let count = 0;
        rows.forEach((row, index) => {
            const found = plain(row.dataset.name).includes(sought) || (PART_OF_AN_ID.test(sought) && row.dataset.id.includes(sought));
            // What is ticked stays in sight: it is linked whatever the filter says.
            row.hidden = !found && !boxes[index].checked;
            if (!row.hidden) count += 1;
        });
        shown.textContent = sought ? shown.dataset.some.replace("{shown}", count).replace("{all}", rows.length) : "";
    }

    function count() {
        if (!link) return;
        const ticked = boxes.filter((box) => box.checked).length;
        link.disabled = ticked === 0;
        if (ticked) link.textContent = ticked === 1 ? link.dataset.one : link.dataset.many.replace("{count}", ticked);
    }

    function offer() {
        const taken = new Set([...form.querySelectorAll("input[list]")].map((input) => input.value));
        form.querySelectorAll("#free-sites option").forEach((option) => {
            option.disabled = taken.has(option.value);
        });
    }

    rows.forEach((row, index) => {
        const site = row.querySelector("input[list]");
        boxes[index].addEventListener("change", () => {
            count();
            if (boxes[index].checked && site && !site.value) site.focus();
        });
        // Whoever gives a page its site means to link it.
        site?.addEventListener("input", () => {
            if (site.value && !boxes[index].checked) boxes[index].checked = true;
            count();
            offer();
        });
    });
    if (filter) {
        filter.hidden = false;
        filter.addEventListener("input", narrow);
        filter.addEventListener("keydown", (event) => {
            if (event.key === "Escape") {
                filter.value = "";
                narrow();
            }
        });
        document.addEventListener("keydown", (event) => {
            if (event.key !== "/" || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
            event.preventDefault();
            event.stopPropagation();
            filter.focus();
        });
    }
    form.addEventListener("submit", () => link?.setAttribute("aria-busy", "true"));
    form.querySelector("[aria-invalid]")?.focus();
    count();
    offer();
})();
