// While somebody types terms, show what they find: the page's own form is sent, and its answer put below. Without this the
// button "Look" does the same.
"use strict";
const form = document.querySelector("form[data-try]");
const result = document.querySelector("#result");
let waiting;
let asked;

async function look() {
  asked?.abort();
  asked = new AbortController();
  result.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.try, { method: "POST", body, signal: asked.signal });
    // Another status is not the result of this form: somebody has to sign in again, or another look is being taken.
    if (answer.ok) result.innerHTML = await answer.text();
  } catch (error) {
    if (error.name === "AbortError") return;
  }
  result.removeAttribute("aria-busy");
}

form?.addEventListener("input", (event) => {
  if (!event.target.matches("[name=terms], [name=name]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(look, 400);
});
