// What a person does on the phone: writes, taps, reacts, reads, blocks. What came of it arrives by phone.js.
(() => {
  "use strict";
  const screen = document.querySelector("[data-psid]");
  const form = screen.querySelector("[data-write]");
  const text = form.elements.text;
  const trouble = screen.querySelector("[data-trouble]");
  const facts = document.querySelector("[data-facts]");
  const follow = document.querySelector("[data-follow]");
  const switches = document.querySelectorAll("[data-switch]");

  function say(words) {
    trouble.textContent = words;
    trouble.hidden = !words;
  }

  async function act(name, more = {}) {
    say("");
    try {
      const response = await fetch(screen.dataset.acts, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ psid: screen.dataset.psid, act: name, ...more }),
      });
      if (response.ok) {
        document.dispatchEvent(new CustomEvent("phone:ask"));
        return true;
      }
      const answer = await response.json();
      say(answer.errors.map((error) => error.message).join(" "));
    } catch {
      say(trouble.dataset.lost);
    }
    return false;
  }

  // Somebody looks: the server knows whether that is told, and whether anything is new.
  function look() {
    if (!document.hidden) act("read");
  }

  function settle(state) {
    const shown = {
      get_started: state.get_started && !state.blocked,
      blocked: state.blocked,
      writes: !state.blocked && !state.get_started,
    };
    for (const part of screen.querySelectorAll("[data-when]")) part.hidden = !shown[part.dataset.when];
    for (const box of switches) box.checked = state[box.dataset.state];
  }

  function react(reactions) {
    for (const message of screen.querySelectorAll(".message[data-mid]:not(.mine)")) {
      const emoji = reactions[message.dataset.mid] || "";
      const place = message.querySelector("[data-reaction]");
      if (place.textContent !== emoji) place.textContent = emoji;
      place.hidden = !emoji;
    }
  }

  document.addEventListener("phone:answer", ({ detail }) => {
    settle(detail.state);
    react(detail.reactions);
    if (facts.innerHTML !== detail.facts) facts.innerHTML = detail.facts;
    if (detail.log) look();
  });
  document.addEventListener("visibilitychange", look);

  function grow() {
    text.style.height = "auto";
    // Nothing is as high as nothing while Get Started stands in its place.
    if (text.scrollHeight) text.style.height = `${text.scrollHeight}px`;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = text.value;
    if (!words.trim()) return;
    if (await act("write", { text: words })) {
      text.value = "";
      grow();
    }
  });
  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });

  screen.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { dataset } = button;
    const menu = button.closest("details");
    if ("payload" in dataset) act("postback", { title: button.textContent, payload: dataset.payload });
    else if ("quickReply" in dataset) act("quick_reply", { text: button.textContent, payload: dataset.quickReply });
    else if ("react" in dataset) act("react", { mid: button.closest("[data-mid]").dataset.mid, emoji: dataset.react });
    else if ("picture" in dataset) act("write", { picture: new URL(dataset.picture, location.href).href });
    else if ("act" in dataset) act(dataset.act);
    else return;
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  // A menu is left by Escape, and by a click elsewhere.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of screen.querySelectorAll("details[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of screen.querySelectorAll("details[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  for (const box of switches) {
    box.addEventListener("change", () => {
      const [on, off] = box.dataset.switch.split(" ");
      act(box.checked ? on : off);
    });
  }
  follow.addEventListener("submit", (event) => {
    event.preventDefault();
    act("arrive", { ref: follow.elements.ref.value });
  });

  grow();
  look();
})();
