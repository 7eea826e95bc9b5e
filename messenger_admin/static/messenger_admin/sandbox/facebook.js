// The dialog's lists of ticks: how many are ticked, all or none at once, and a search where there are many.
(() => {
  "use strict";

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const watch = (list) => {
    const ticks = [...list.querySelectorAll("input[type=checkbox]")];
    const count = list.querySelector("[data-count]");
    const narrow = list.querySelector("[data-narrow]");
    const shown = () => ticks.filter((tick) => !tick.closest("li").hidden);
    const tell = () => {
      if (ticks.length) count.textContent = `${ticks.filter((tick) => tick.checked).length} / ${ticks.length}`;
    };
    const set = (checked) => () => {
      for (const tick of shown()) tick.checked = checked;
      tell();
    };

    list.addEventListener("change", tell);
    tell();
    if (!narrow) return;
    narrow.hidden = false;
    list.querySelector("[data-all]").addEventListener("click", set(true));
    list.querySelector("[data-none]").addEventListener("click", set(false));
    const search = list.querySelector("[data-search]");
    search.addEventListener("input", () => {
      const wanted = plain(search.value.trim());
      for (const tick of ticks) {
        const row = tick.closest("li");
        row.hidden = !plain(row.textContent).includes(wanted);
      }
    });
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // It searches already; Enter must not agree to anything.
    });
  };

  for (const list of document.querySelectorAll("[data-ticks]")) watch(list);
})();
