// Small comforts for pages that work without them: copy buttons, exact times in the reader's zone, focus on the list of errors.
const enhance = () => {
  for (const button of document.querySelectorAll("[data-copy][hidden], [data-theme-toggle][hidden]")) button.hidden = false;
  for (const time of document.querySelectorAll("time[datetime]:not([data-local])")) {
    time.dataset.local = "";
    const local = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    time.title = `${local} (your time) · ${time.title}`;
  }
};

document.addEventListener("click", async event => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
});

// A form that goes out once: a second press while the answer is on its way does nothing.
document.addEventListener("submit", event => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "true";
  setTimeout(() => { delete form.dataset.sent; }, 5000);
});

addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

// Scripts of a page that was reached without a full load do not run: pages that need one are loaded in full.
const needsFullLoad = () => document.querySelector('meta[name="radzen"]') && !globalThis.Radzen;
// Brings an element with data-refresh="seconds" up to date from the page's own address. Scroll position, focus and selection stay:
// nothing is touched while the content is the same, and focus goes back to the link that had it.
const bring = async element => {
  if (document.hidden || !element.isConnected) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(element.id);
  if (!fresh || listed(fresh) === listed(element)) return;
  const href = element.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  if (fresh.dataset.version) element.dataset.version = fresh.dataset.version;
  element.replaceChildren(...fresh.childNodes);
  if (href) element.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
};

// Relative times change by themselves; only what was added or removed counts, or what the page itself says with data-version.
const listed = element => element.dataset.version ?? [...element.querySelectorAll("tbody a, h2")].map(item => item.getAttribute("href") ?? item.textContent).join();

const refresh = () => {
  for (const element of document.querySelectorAll("[data-refresh]:not([data-refreshing])")) {
    element.dataset.refreshing = "";
    const timer = setInterval(() => element.isConnected ? bring(element).catch(() => {}) : clearInterval(timer), Number(element.dataset.refresh) * 1000);
  }
};

const start = () => {
  enhance();
  refresh();
  document.querySelector("[data-focus-first]")?.focus();
};

start();
new MutationObserver(enhance).observe(document.body, { childList: true, subtree: true });
// A page that came without a full load is announced by its heading; a full load begins at the top, with the skip link as its first stop.
let path = location.pathname;
const announce = () => {
  if (path === location.pathname) return;
  path = location.pathname;
  const heading = document.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
};

addEventListener("load", () => globalThis.Blazor?.addEventListener?.("enhancedload", () => needsFullLoad() ? location.reload() : (announce(), start())));
