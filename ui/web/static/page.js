// What the page does in the browser: markers, cards, the reader, copying, feedback. No markup is made here but what the
// server has escaped; text goes in as text.
"use strict";
const yigai = (() => {
  const words = () => document.getElementById("page-words").dataset;
  const byId = (id) => document.getElementById(id);
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  function reveal(element, block = "center") {
    for (let up = element.parentElement; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    element.scrollIntoView({ block, behavior: calm() ? "auto" : "smooth" });
    element.focus({ preventScroll: true });
  }

  // A marker leads to its card, and the card shows that it is meant.
  function toCard(id) {
    const card = byId(id);
    if (!card) return;
    document.querySelectorAll(".card.meant").forEach((other) => other.classList.remove("meant"));
    card.classList.add("meant");
    reveal(card);
  }

  // A card leads into the article, opened at the clause.
  async function open(link) {
    const reader = byId("reader"), body = byId("reader-body");
    const address = new URL(link.href);
    address.searchParams.set("fragment", "true");
    const answer = await fetch(address, { credentials: "same-origin" });
    const text = await answer.text();
    if (answer.ok) body.innerHTML = text;
    else body.textContent = text;
    byId("reader-own").href = link.href;
    if (!reader.open) reader.showModal();
    const mark = body.querySelector("mark");
    reader.scrollTop = 0;
    if (mark) mark.scrollIntoView({ block: "center" });
    (body.querySelector("h2") || reader).focus({ preventScroll: true });
  }

  async function copy(button) {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without https there is no clipboard to write to but through a field.
      const field = document.createElement("textarea");
      field.value = text;
      button.after(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus();
    }
    tell(button, words().copied);
  }

  function tell(near, text) {
    near.closest(".acts").querySelector(".told").textContent = text;
  }

  async function rate(control, liked, reason) {
    const box = control.closest("[data-rate]");
    const root = byId("page-words").dataset.root;
    const answer = await fetch(`${root}/api/answers/${encodeURIComponent(box.dataset.rate)}/feedback`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ liked, reason }),
    }).catch(() => null);
    const noted = answer && answer.ok;
    if (noted) {
      for (const button of box.querySelectorAll("[data-liked]")) {
        button.setAttribute("aria-pressed", String((button.dataset.liked === "1") === liked));
      }
    }
    tell(control, noted ? words().thanks : words().failed);
    return noted;
  }

  async function thumb(button) {
    const why = button.closest("[data-rate]").querySelector(".why");
    if (!(await rate(button, button.dataset.liked === "1", why.querySelector("input").value))) return;
    why.hidden = false;
    why.querySelector("input").focus();
  }

  async function send(control) {
    const box = control.closest("[data-rate]");
    const liked = box.querySelector('[data-liked="1"]').getAttribute("aria-pressed") === "true";
    if (await rate(control, liked, box.querySelector("input").value)) {
      box.querySelector(".why").hidden = true;
      box.querySelector('[aria-pressed="true"]').focus();
    }
  }

  // Ask before something goes; resolves to whether it may.
  function sure(text, label) {
    const dialog = byId("sure");
    byId("sure-text").textContent = text;
    byId("sure-yes").textContent = label;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((done) => {
      dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
    });
  }

  // A click on `data-…` inside a component becomes an event of it: `{what: …}`.
  async function act(event, names, trigger) {
    const button = event.target.closest(Object.values(names).map((name) => `[data-${name}]`).join(","));
    if (!button) return;
    const [what, name] = Object.entries(names).find(([, one]) => one in button.dataset);
    const value = button.dataset[name];
    if (button.dataset.sure && !(await sure(button.dataset.sure, button.textContent))) return;
    const field = button.closest("[data-fields]")?.querySelector("input");
    trigger("click", { [what]: value, ...(field && { text: field.value }) });
  }

  function arrived() {
    byId("page-status").textContent = "";
    setTimeout(() => { byId("page-status").textContent = words().arrived; }, 100);
    const turns = document.querySelectorAll("#log [data-turn]");
    const last = turns[turns.length - 1];
    if (last) last.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    let found;
    if ((found = at("a[data-marker]"))) { event.preventDefault(); toCard(found.dataset.marker); }
    else if ((found = at("a[data-open]")) && plain) { event.preventDefault(); open(found); }
    else if ((found = at("a.skip"))) { event.preventDefault(); document.querySelector("#question-box textarea")?.focus(); }
    else if ((found = at("[data-card]")) && !at("a, button") && !String(getSelection())) {
      const link = found.querySelector("a[data-open]");
      if (link) open(link);
    }
    else if ((found = at("[data-copy]"))) copy(found);
    else if ((found = at("[data-liked]"))) thumb(found);
    else if ((found = at("[data-send]"))) send(found);
    else if ((found = at("[data-close]"))) found.closest("dialog").close();
    else if (at("#sure-yes")) byId("sure").close("yes");
    else if (event.target === byId("reader")) byId("reader").close();
  });

  // Enter sends, Shift+Enter starts a line; the Enter that chooses a word in an input method does neither.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    if (event.target.matches?.("#question-box textarea")) {
      event.preventDefault();
      event.stopPropagation();
      document.querySelector("#ask-button")?.click();
    } else if (event.target.matches?.("#brief-topic textarea, #brief-topic input")) {
      event.preventDefault();
      event.stopPropagation();
      document.querySelector("#brief-write")?.click();
    } else if (event.target.matches?.("[data-fields] input")) {
      event.preventDefault();
      event.target.closest("[data-fields]").querySelector("button")?.click();
    } else if (event.target.matches?.(".why input")) {
      event.preventDefault();
      send(event.target);
    }
  }, true);

  return { act, arrived };
})();
