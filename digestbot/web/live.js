// Ask whether the page has been made anew, and load it again when it has.
"use strict";
const shown = document.currentScript.dataset.version;

async function look() {
  try {
    const answer = await fetch("/version", { cache: "no-store" });
    if (answer.ok && (await answer.text()) !== shown) {
      location.reload();
      return;
    }
    delete document.documentElement.dataset.ended;
  } catch {
    document.documentElement.dataset.ended = "";
  }
  setTimeout(look, 300);
}

look();
