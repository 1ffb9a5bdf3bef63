// Before the form is sent, look for the number that its challenge asks for: see work.py.
"use strict";
const form = document.querySelector("form[data-bits]");

function zeroBits(bytes) {
  let bits = 0;
  for (const byte of bytes) {
    if (byte) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
}

async function work() {
  const wanted = Number(form.dataset.bits);
  const challenge = form.elements.challenge.value;
  const text = new TextEncoder();
  for (let nonce = 0; ; nonce++) {
    const hash = await crypto.subtle.digest("SHA-256", text.encode(`${challenge}:${nonce}`));
    if (zeroBits(new Uint8Array(hash)) >= wanted) return nonce;
  }
}

form.addEventListener("submit", async (event) => {
  if (form.elements.work.value) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  form.elements.work.value = await work();
  button.disabled = false;
  form.requestSubmit();
});
