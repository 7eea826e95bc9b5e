/* Adds, moves and takes away rules and conditions in the editor. The server draws every row and judges it; a form
   without scripts does the same with numbers and ticks, so this only fills those fields in. */
(() => {
    "use strict";

    const root = document.querySelector("[data-rules]");
    const fields = root && root.closest("fieldset");
    if (!root || fields.disabled) return;
    const says = root.dataset;
    const blank = root.querySelector("template[data-blank]");
    const announcer = root.querySelector("[data-announce]");
    const comparisons = JSON.parse(document.getElementById("comparisons").textContent);
    const most = { rule: Number(says.mostRules), condition: Number(says.mostConditions) };

    const rowsOf = (list) => [...list.children].filter((one) => one.dataset.row);
    const staying = (list) => rowsOf(list).filter((row) => !row.classList.contains("be-removed"));
    // A rule's own fields come before those of its conditions: places end in one number more there.
    const own = (row, name) =>
        [...row.querySelectorAll(`[name$="-${name}"]`)].find((field) => field.closest("[data-row]") === row);
    const filled = (text, words) => text.replace(/\{(\w+)\}/g, (_all, key) => words[key]);
    const changed = () => root.dispatchEvent(new Event("change", { bubbles: true }));

    function title(row) {
        const kind = row.dataset.row;
        const name = kind === "rule" ? own(row, "name").value.trim() : "";
        const number = rowsOf(row.parentElement).indexOf(row) + 1;
        return name || filled(kind === "rule" ? says.saysRule : says.saysCondition, { number });
    }

    const announce = (text, words) => { announcer.textContent = filled(text, words); };

    function nameButtons(row, place, last) {
        const words = { row: title(row) };
        [["up", says.saysUp], ["down", says.saysDown], ["remove", says.saysRemove]].forEach(([act, text]) => {
            const button = [...row.querySelectorAll(`[data-${act}]`)].find((one) => one.closest("[data-row]") === row);
            button.setAttribute("aria-label", filled(text, words));
            if (act === "up") button.disabled = place === 0;
            if (act === "down") button.disabled = place === last;
        });
    }

    /* Places and names follow the order in which the rows stand. */
    function settle() {
        root.querySelectorAll("[data-rows]").forEach((list) => {
            const rows = rowsOf(list);
            rows.forEach((row, place) => {
                own(row, "place").value = place + 1;
                nameButtons(row, place, rows.length - 1);
                if (row.dataset.row === "rule") row.querySelector("[data-row-title]").textContent = title(row);
            });
            const kind = list.dataset.rows;
            const holder = kind === "rule" ? root : list.closest('[data-row="rule"]');
            holder.querySelector(`[data-add="${kind}"]`).disabled = staying(list).length >= most[kind];
        });
    }

    function narrow(condition) {
        const what = condition.querySelector("[data-what]");
        const operator = condition.querySelector("[data-operator]");
        const allowed = comparisons[what.value] || [];
        [...operator.options].forEach((option) => {
            const fits = !option.value || allowed.includes(option.value);
            option.hidden = !fits;
            option.disabled = !fits;
        });
        if (allowed.length && !allowed.includes(operator.value)) operator.value = allowed[0];
    }

    function made(html) {
        const holder = document.createElement("template");
        holder.innerHTML = html;
        return holder.content.firstElementChild;
    }

    function add(kind, button) {
        const rule = button.closest('[data-row="rule"]');
        const total = (kind === "rule" ? root : rule).querySelector(`[data-total="${kind}"]`);
        const number = Number(total.value);
        let row;
        if (kind === "rule") {
            row = made(blank.innerHTML.replaceAll("__rule__", number).replaceAll("__condition__", 0));
            root.querySelector('[data-rows="rule"]').append(row);
        } else {
            const pattern = blank.content.querySelector('[data-row="condition"]').outerHTML;
            const index = rule.dataset.prefix.replace("rule-", "");
            row = made(pattern.replaceAll("__rule__", index).replaceAll("__condition__", number));
            rule.querySelector('[data-rows="condition"]').append(row);
        }
        total.value = number + 1;
        row.querySelectorAll("[data-what]").forEach((what) => narrow(what.closest('[data-row="condition"]')));
        settle();
        announce(says.saysAdded, { row: title(row) });
        row.querySelector("[data-what]").focus();
    }

    function move(row, step) {
        const rows = rowsOf(row.parentElement);
        const words = { row: title(row) };
        const other = rows[rows.indexOf(row) + step];
        if (!other) return;
        if (step < 0) other.before(row);
        else other.after(row);
        settle();
        announce(says.saysMoved, { ...words, position: rows.indexOf(other) + 1 });
    }

    function remove(row, away) {
        own(row, "removed").checked = away;
        row.classList.toggle("be-removed", away);
        settle();
        announce(away ? says.saysRemoved : says.saysBack, { row: title(row) });
        const next = away ? "[data-undo]" : "[data-remove]";
        [...row.querySelectorAll(next)].find((one) => one.closest("[data-row]") === row).focus();
    }

    root.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (!button) return;
        const row = button.closest("[data-row]");
        const does = button.dataset;
        if ("add" in does) {
            event.preventDefault();
            add(does.add, button);
        } else if ("up" in does || "down" in does) {
            move(row, "up" in does ? -1 : 1);
            (button.disabled ? row.querySelector("up" in does ? "[data-down]" : "[data-up]") : button).focus();
        } else if ("remove" in does || "undo" in does) remove(row, "remove" in does);
        else return;
        changed();
    });

    root.addEventListener("change", (event) => {
        if (event.target.matches("[data-what]")) narrow(event.target.closest('[data-row="condition"]'));
    });
    root.addEventListener("input", (event) => { if (event.target.name?.endsWith("-name")) settle(); });

    root.querySelectorAll('[data-row="condition"]').forEach(narrow);
    settle();
})();
