// Brings what arrives to the phone without reloading: one question a second while somebody can see it.
(() => {
  "use strict";
  const SECOND = 1000;
  const LONGEST_WAIT = 5 * SECOND;
  // Closer to the end than this counts as reading the newest message.
  const NEAR_END = 80;

  const screen = document.querySelector("[data-thread]");
  const scroller = screen.querySelector("[data-scroller]");
  const messages = screen.querySelector("[data-messages]");
  const empty = screen.querySelector("[data-empty]");
  const fresh = screen.querySelector("[data-fresh]");
  const log = document.querySelector("[data-log]");
  const live = document.querySelector("[data-live]");
  let after = screen.dataset.after;
  let wait = SECOND;
  let timer = 0;
  let asking = false;
  let again = false;

  const nearEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
  const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };

  function say(state) {
    const words = live.dataset[state];
    if (live.textContent !== words) live.textContent = words;
    live.classList.toggle("off", state !== "liveOn");
  }

  function show(answer) {
    if (answer.reset) {
      messages.replaceChildren();
      log.replaceChildren();
      after = "0";
    }
    if (answer.after !== null) {
      const follows = nearEnd();
      messages.insertAdjacentHTML("beforeend", answer.phone);
      log.insertAdjacentHTML("afterbegin", answer.log);
      after = String(answer.after);
      if (follows) toEnd();
      else if (answer.phone.trim()) fresh.hidden = false;
    }
    empty.hidden = messages.childElementCount > 0;
    document.dispatchEvent(new CustomEvent("phone:answer", { detail: answer }));
  }

  async function ask() {
    const query = new URLSearchParams({
      page_id: screen.dataset.pageId,
      customer_id: screen.dataset.customerId,
      after,
    });
    const response = await fetch(`${screen.dataset.thread}?${query}`, { signal: AbortSignal.timeout(LONGEST_WAIT) });
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  }

  async function round() {
    if (asking) {
      again = true;
      return;
    }
    clearTimeout(timer);
    if (document.hidden) {
      say("livePaused");
      return;
    }
    asking = true;
    try {
      show(await ask());
      wait = SECOND;
      say("liveOn");
    } catch {
      wait = Math.min(wait * 2, LONGEST_WAIT);
      say("liveOff");
    }
    asking = false;
    timer = setTimeout(round, again ? 0 : wait);
    again = false;
  }

  document.addEventListener("visibilitychange", round);
  // Whoever did something asks for what came of it.
  document.addEventListener("phone:ask", round);
  scroller.addEventListener("scroll", () => { if (nearEnd()) fresh.hidden = true; }, { passive: true });
  fresh.addEventListener("click", () => { toEnd(); fresh.hidden = true; scroller.focus(); });
  // An image that loads late makes the thread longer; whoever was at its end stays there.
  let atEnd = true;
  scroller.addEventListener("scroll", () => { atEnd = nearEnd(); }, { passive: true });
  new ResizeObserver(() => { if (atEnd) toEnd(); }).observe(messages);
  toEnd();
  timer = setTimeout(round, SECOND);
})();
