// Passkeys (WebAuthn) for forms marked data-passkey="request" or "create". The form holds a hidden field "Input.Credential"; its button asks
// the portal for a challenge, the browser for the passkey, and then sends the form with the answer. Without this script the buttons stay hidden.
const supported = typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === "function" && !!navigator.credentials;
let pending = null;

const reveal = () => {
  for (const element of document.querySelectorAll("[data-passkey-only]")) element.hidden = !supported;
  for (const element of document.querySelectorAll("[data-passkey-unsupported]")) element.hidden = supported;
};

const say = (form, message) => {
  const place = form.querySelector("[data-passkey-message]");
  place.textContent = message;
  place.hidden = !message;
};

const optionsOf = async form => {
  const response = await fetch(`/account/passkeys/${form.dataset.passkey === "create" ? "creation" : "request"}-options`, {
    method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, signal: pending.signal,
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.detail ?? "The portal did not answer. Load the page again and repeat.");
  return answer;
};

const ask = async form => {
  const options = await optionsOf(form);
  return form.dataset.passkey === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options), signal: pending.signal })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), signal: pending.signal });
};

const explain = error => error.name === "NotAllowedError" ? "Nothing was done: the browser was told to stop, or waited too long. You can try again."
  : error.name === "InvalidStateError" ? "This device has a passkey for this account already."
  : error.message;

document.addEventListener("submit", async event => {
  const form = event.target;
  if (!form.dataset.passkey || form.elements["Input.Credential"].value) return;
  event.preventDefault();
  pending?.abort();
  pending = new AbortController();
  say(form, "");
  try {
    const credential = await ask(form);
    form.elements["Input.Credential"].value = JSON.stringify(credential);
    form.requestSubmit();
  } catch (error) {
    if (error.name !== "AbortError") say(form, explain(error));
  }
}, true);

reveal();
new MutationObserver(reveal).observe(document.body, { childList: true, subtree: true });
