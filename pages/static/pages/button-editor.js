/* Keeps the preview, the looks and the counters of the editor like the form. button.css draws the button itself. */
(() => {
    "use strict";

    const editor = document.querySelector("[data-editor]");
    if (!editor) return;
    const form = editor.querySelector("form");
    const shown = editor.querySelector("[data-window]");
    const defaults = JSON.parse(document.getElementById("default-labels").textContent);
    const chosen = (name) => form.querySelector(`[name="${name}"]:checked`)?.value || "";
    const text = (name) => form.elements[name]?.value.trim() || "";

    function label(language) {
        return text(`label_${language}`) || defaults[chosen("kind")]?.[language] || "";
    }

    /* A visitor whose language has no wording reads the other one. */
    function wording(language) {
        if (chosen("kind") === "message_us") return "";
        const others = [...form.querySelectorAll("[data-wording]")].map((field) => field.value.trim());
        return text(`wording_${language}`) || others.find(Boolean) || "";
    }

    function place() {
        const holder = editor.querySelector("[data-place]");
        const floats = chosen("placement") === "floating";
        holder.className = floats ? `mb-place mb-floating mb-${form.elements.corner.value}` : "mb-place";
        holder.style.setProperty("--mb-x", `${Number(form.elements.offset_x.value) || 0}px`);
        holder.style.setProperty("--mb-y", `${Number(form.elements.offset_y.value) || 0}px`);
    }

    function draw() {
        const language = shown.dataset.language;
        const [size, colour] = chosen("look").split("-");
        editor.querySelectorAll("[data-shown-label]").forEach((one) => { one.textContent = label(language); });
        editor.querySelector("[data-shown-wording]").textContent = wording(language);
        editor.querySelector("[data-button]").className = `mb mb-${colour} mb-${size}`;
        form.querySelectorAll("[data-label]").forEach((field) => {
            field.placeholder = defaults[chosen("kind")]?.[field.dataset.label] || "";
        });
        place();
    }

    /* The server looks at a selector's shape; whether it can be used only a browser knows. */
    function trySelector() {
        const field = form.elements.selector;
        const trouble = field.closest(".be-field").querySelector("[data-trouble]");
        let readable = true;
        try { document.createDocumentFragment().querySelector(field.value.trim() || "*"); } catch { readable = false; }
        const says = readable ? "" : trouble.dataset.says;
        if (trouble.textContent !== says) trouble.textContent = says;
    }

    function count() {
        editor.querySelectorAll("[data-counter]").forEach((counter) => {
            const field = document.getElementById(counter.dataset.counter);
            const length = [...field.value].length;
            counter.querySelector("[data-count]").textContent = length;
            counter.classList.toggle("be-over", field.maxLength > 0 && length > field.maxLength);
        });
    }

    editor.querySelectorAll("[data-language-choice]").forEach((button) => {
        button.addEventListener("click", () => {
            shown.dataset.language = button.dataset.languageChoice;
            editor.querySelectorAll("[data-language-choice]").forEach((one) => {
                one.setAttribute("aria-pressed", String(one === button));
            });
            draw();
        });
    });
    ["input", "change"].forEach((kind) => form.addEventListener(kind, () => { draw(); count(); trySelector(); }));
    draw();
    count();
    trySelector();
})();
