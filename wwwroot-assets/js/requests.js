// The request form: checks and preview while typing, by the engine that judges the form when it is sent. The tracking page: says when
// something has happened. Both pages work without this file.

const wait = 450;
const icons = { block: "stop", acknowledge: "ask", inform: "tell" };

const node = (tag, text, className) => {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
};

class RequestForm {
  #touched = new Set();
  #timer;
  #running;

  constructor(form) {
    this.form = form;
    form.addEventListener("input", event => this.#changed(event.target, event.target.type === "radio"));
    form.addEventListener("change", event => event.target.type === "file" ? this.#readFile(event.target) : this.#changed(event.target, true));
    form.addEventListener("focusout", event => { if (event.target.value) this.#changed(event.target, true); });
    if (this.#input("FullName")?.value || this.#input("Purpose")?.value) this.#check();
  }

  #input(field) { return this.form.elements.namedItem(`Input.${field}`); }

  #changed(target, settled) {
    const field = target.name?.replace(/^Input\./, "");
    if (!field || !target.name.startsWith("Input.")) return;
    if (settled) this.#touched.add(field);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.#touched.add(field); this.#check(); }, wait);
  }

  // A file's text goes into the field, where it can be seen and survives whatever else is wrong.
  async #readFile(input) {
    const file = input.files[0];
    if (!file || file.size > 64 * 1024) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const area = this.#input("SigningRequest");
    area.value = bytes[0] === 0x30
      ? `-----BEGIN CERTIFICATE REQUEST-----\n${btoa(String.fromCharCode(...bytes)).replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE REQUEST-----\n`
      : new TextDecoder().decode(bytes);
    input.value = "";
    this.#touched.add("SigningRequest");
    this.#check();
  }

  async #check() {
    this.#running?.abort();
    const running = this.#running = new AbortController();
    const data = new FormData(this.form);
    data.delete("Upload");
    // What is not chosen yet is left out: an empty text is no identifier.
    for (const [name, value] of [...data]) if (value === "") data.delete(name);
    this.#busy(true);
    try {
      const answer = await fetch(this.form.dataset.previewUrl, { method: "POST", body: data, signal: running.signal, headers: { Accept: "application/json" } });
      if (answer.ok) this.#show(await answer.json());
      else if (answer.status === 429) this.#showFindings([{ severity: "inform", message: "Too many checks in a short time: they pause for a minute. You can go on typing." }]);
    } catch (error) {
      if (error.name !== "AbortError") this.#showFindings([{ severity: "inform", message: "The checks can't be reached at the moment. You can go on typing; everything is checked again when you send." }]);
      else return;
    }
    if (this.#running === running) this.#busy(false);
  }

  #busy(isBusy) {
    this.form.querySelector("[data-preview-busy]").hidden = !isBusy;
    this.form.querySelector("[data-preview]").classList.toggle("is-stale", isBusy);
  }

  #show({ findings, preview, passphrase }) {
    for (const holder of this.form.querySelectorAll("[data-notes-for]")) this.#showNotes(holder, findings);
    this.#showFindings(findings.filter(finding => !finding.field));
    this.#showPreview(preview);
    this.#showStrength(passphrase);
    this.#showAskAnyway(findings.filter(finding => finding.severity === "acknowledge"));
    const chip = this.form.querySelector("[data-preview] .chip");
    const blocking = findings.filter(finding => finding.severity === "block");
    const [kind, text] = blocking.some(finding => finding.code !== "form.missing") ? ["bad", "Something to change"]
      : blocking.length ? ["wait", "Not complete yet"]
      : findings.some(finding => finding.severity === "acknowledge") ? ["wait", "An officer will ask"] : ["good", "Ready to send"];
    chip.className = `chip ${kind}`;
    chip.textContent = text;
  }

  #showNotes(holder, findings) {
    const field = holder.dataset.notesFor;
    const input = this.#input(field);
    if (!this.#touched.has(field) && !holder.querySelector(".error")) return;
    const own = findings.filter(finding => finding.field === field && !(finding.code === "form.missing" && input !== document.activeElement && !holder.querySelector(".error") && !input?.value));
    const shown = own.filter(finding => finding.code !== "form.missing" || input !== document.activeElement);
    const notes = holder.querySelector(".notes");
    const before = [...notes.children].map(note => note.textContent).join("\n");
    if (before !== shown.map(finding => finding.message).join("\n")) notes.replaceChildren(...shown.map(finding => node("p", finding.message, `note ${icons[finding.severity]}`)));
    holder.querySelector(".error")?.remove();
    const isBad = shown.some(finding => finding.severity === "block");
    holder.querySelector(".field")?.classList.toggle("has-error", isBad);
    if (!(input instanceof HTMLElement)) return;
    if (isBad) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
    const described = new Set((input.getAttribute("aria-describedby") ?? "").split(" ").filter(id => id && !id.endsWith("-error")));
    if (shown.length) described.add(notes.id); else described.delete(notes.id);
    if (described.size) input.setAttribute("aria-describedby", [...described].join(" ")); else input.removeAttribute("aria-describedby");
  }

  #showFindings(findings) {
    this.form.querySelector("[data-preview-findings]").replaceChildren(...findings.map(finding => node("li", finding.message, icons[finding.severity])));
  }

  #showPreview(preview) {
    const part = name => this.form.querySelector(`[data-preview-${name}]`);
    part("empty").hidden = !!preview;
    part("full").hidden = !preview;
    if (!preview) return;
    part("parts").replaceChildren(...preview.parts.map(({ type, value }) => {
      const row = document.createElement("div");
      row.append(node("dt", type), node("dd", value));
      return row;
    }));
    part("names").textContent = preview.names.map(name => name.replace(/^email:/, "")).join(", ") || "nothing yet";
    part("key").textContent = `${preview.key}${preview.keyIsStandIn ? ", made when you send" : ", from your request"}`;
    part("days").textContent = `${preview.days} days`;
    part("standin").hidden = !preview.keyIsStandIn;
    part("text").textContent = preview.text;
  }

  #showStrength(passphrase) {
    const holder = this.form.querySelector("[data-strength]");
    if (!holder) return;
    holder.hidden = !passphrase;
    if (!passphrase) return;
    holder.querySelector("meter").value = Math.max(passphrase.strength, 0.25);
    const words = ["Very weak", "Weak", "Fair", "Strong", "Very strong"];
    holder.querySelector("p").textContent = `${words[passphrase.strength]}. ${passphrase.advice}`;
  }

  #showAskAnyway(findings) {
    const box = this.form.querySelector("[data-ask-anyway]");
    box.hidden = findings.length === 0;
    box.querySelector("[data-ask-list]").replaceChildren(...findings.map(finding => node("li", finding.message, "ask")));
  }
}

// Shows the page anew when the request has moved on; never while somebody is typing on it.
class Tracking {
  constructor(element) {
    this.element = element;
    this.timer = setInterval(() => this.#look(), 15_000);
    document.addEventListener("visibilitychange", () => this.#look());
  }

  async #look() {
    if (!this.element.isConnected) { clearInterval(this.timer); return; }
    if (document.hidden) return;
    try {
      const answer = await fetch(this.element.dataset.track, { headers: { Accept: "application/json" } });
      if (!answer.ok || String((await answer.json()).version) === this.element.dataset.trackVersion) return;
    } catch {
      return;
    }
    const isTyping = [...this.element.querySelectorAll("input:not([type=hidden]), textarea")].some(input => input.value !== "");
    if (isTyping) this.element.querySelector("[data-track-news]").hidden = false;
    else location.replace(location.pathname);
  }
}

const started = new WeakSet();
const begin = (selector, Kind) => {
  const element = document.querySelector(selector);
  if (!element || started.has(element)) return;
  started.add(element);
  new Kind(element);
};

const start = () => {
  begin("[data-request-form]", RequestForm);
  begin("[data-track]", Tracking);
};

start();
addEventListener("load", () => globalThis.Blazor?.addEventListener?.("enhancedload", start));
