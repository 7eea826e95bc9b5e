/* Lists of the composer: rows are added, removed and brought back, and moved by drag or by their buttons.
   ORDER and DELETE, which the server reads, are kept right at every step. */
"use strict";

document.querySelectorAll("[data-rows]").forEach((list) => {
  if (list.closest("fieldset").disabled) return; // to be read alone

  const prefix = list.dataset.rows;
  const body = list.querySelector("[data-rows-body]");
  const blank = list.querySelector("[data-blank]");
  const add = list.querySelector("[data-add]");
  const full = list.querySelector("[data-full]");
  const total = list.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const most = Number(list.dataset.most);

  const rows = () => [...body.children];
  const deletion = (row) => row.querySelector("[name$='-DELETE']");
  const isRemoved = (row) => deletion(row).checked;
  const kept = () => rows().filter((row) => !isRemoved(row));
  const name = (position) => list.dataset.rowName.replace("%(position)s", position);
  const nameOf = (row) => name(rows().indexOf(row) + 1);
  const fill = (sentence, row, position) => sentence.replace("{row}", row).replace("{position}", position);
  const say = (sentence, row, position) => {
    list.querySelector("[data-announce]").textContent = fill(sentence, row, position);
  };

  function label(button, sentence, row) {
    button.setAttribute("aria-label", fill(sentence, row));
  }

  function number() {
    rows().forEach((row, index) => {
      const called = name(index + 1);
      row.querySelector("[name$='-ORDER']").value = index + 1;
      row.querySelector("[data-row-title]").textContent = called;
      row.classList.toggle("composer-removed", isRemoved(row));
      label(row.querySelector("[data-up]"), list.dataset.saysUp, called);
      label(row.querySelector("[data-down]"), list.dataset.saysDown, called);
      label(row.querySelector("[data-remove]"), list.dataset.saysRemove, called);
      // aria-disabled, not disabled: the button that was just pressed keeps the focus at either end.
      row.querySelector("[data-up]").setAttribute("aria-disabled", String(index === 0));
      row.querySelector("[data-down]").setAttribute("aria-disabled", String(index === rows().length - 1));
    });
    const isFull = kept().length >= most;
    add.disabled = isFull;
    full.hidden = !isFull;
    list.querySelector("[data-rows-count]").textContent = kept().length;
    rows().filter(isRemoved).forEach((row) => (row.querySelector("[data-undo]").disabled = isFull));
  }

  const changed = () => {
    number();
    list.dispatchEvent(new Event("input", { bubbles: true }));
  };

  function move(row, step, button) {
    const position = rows().indexOf(row) + step;
    const other = rows()[position];
    if (!other) return;
    const before = nameOf(row);
    if (step < 0) other.before(row);
    else other.after(row);
    changed();
    button.focus();
    row.scrollIntoView({ block: "nearest" });
    say(list.dataset.saysMoved, before, position + 1);
  }

  function remove(row, removed) {
    deletion(row).checked = removed;
    changed();
    say(removed ? list.dataset.saysRemoved : list.dataset.saysBack, nameOf(row));
    row.querySelector(removed ? "[data-undo]" : "[data-remove]").focus();
  }

  function addRow() {
    const index = Number(total.value);
    const html = blank.innerHTML.replaceAll("__prefix__", index);
    body.insertAdjacentHTML("beforeend", html);
    total.value = index + 1;
    changed();
    const row = body.lastElementChild;
    row.querySelector("[data-row-body] :is(input, textarea):not([type=hidden])").focus();
    say(list.dataset.saysAdded, nameOf(row));
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button === add) {
      event.preventDefault();
      addRow();
      return;
    }
    const row = button.closest("[data-row]");
    if (button.matches("[data-up]")) move(row, -1, button);
    else if (button.matches("[data-down]")) move(row, 1, button);
    else if (button.matches("[data-remove]")) remove(row, true);
    else if (button.matches("[data-undo]")) remove(row, false);
  });

  // Dragging moves the neighbours out of the way, so that the dragged row never leaves the page.
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-drag]");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    drag(handle.closest("[data-row]"), event.pointerId);
  });

  function drag(row, pointer) {
    const before = nameOf(row);
    const from = rows().indexOf(row);
    const listening = new AbortController();
    const until = { signal: listening.signal };
    row.classList.add("composer-dragged");

    document.addEventListener("pointermove", (event) => {
      if (event.pointerId !== pointer) return;
      follow(row, event.clientY);
      const edge = event.clientY < 80 ? -14 : event.clientY > window.innerHeight - 100 ? 14 : 0;
      if (edge) window.scrollBy(0, edge);
    }, until);

    const drop = (event) => {
      if (event.pointerId !== pointer) return;
      listening.abort();
      row.classList.remove("composer-dragged");
      const position = rows().indexOf(row);
      if (position === from) return;
      changed();
      say(list.dataset.saysMoved, before, position + 1);
    };
    document.addEventListener("pointerup", drop, until);
    document.addEventListener("pointercancel", drop, until);
  }

  function follow(row, y) {
    const middle = (other) => other.getBoundingClientRect().top + other.offsetHeight / 2;
    const previous = row.previousElementSibling;
    const next = row.nextElementSibling;
    if (previous && y < middle(previous)) row.after(previous);
    else if (next && y > middle(next)) row.before(next);
  }

  number();
});
