// The queue's keys, and small comforts of the decision page. Nothing here decides anything, and both pages work without it.
const isTyping = target => target.closest?.("input, select, textarea, [contenteditable]");

const rows = () => [...document.querySelectorAll("[data-queue] a[data-row]")];

const move = step => {
  const all = rows();
  const here = all.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step));
  all[next]?.focus();
  all[next]?.scrollIntoView({ block: "nearest" });
};

// The list is drawn anew while somebody works in it (when the circuit takes over, when a request arrives): the focus stays at its row.
let kept = null;
document.addEventListener("focusin", event => { kept = event.target.matches?.("a[data-row]") ? event.target.pathname : null; });
document.addEventListener("pointerdown", () => { kept = null; });
new MutationObserver(() => {
  if (kept && document.activeElement === document.body) rows().find(row => row.pathname === kept)?.focus();
}).observe(document.body, { childList: true, subtree: true });

const open = (act, fragment) => {
  const row = document.activeElement?.matches?.("a[data-row]") ? document.activeElement : rows()[0];
  if (row) location.assign(`${row.pathname}?act=${act}#${fragment}`);
};

// On the decision page: to the button, or to the first field of the form that says no or asks.
const show = act => {
  if (act === "approve") {
    document.querySelector("#approve input[type=checkbox]:not(:checked), #approve button")?.focus();
    return;
  }
  const form = document.getElementById(act === "reject" ? "reject" : "ask");
  if (!form) return;
  form.open = true;
  form.querySelector("select, textarea")?.focus();
};

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const inQueue = document.querySelector("[data-queue]");
  const onCard = document.getElementById("approve");
  const act = { a: "approve", r: "reject" }[event.key];
  if (inQueue && event.key === "j") move(1);
  else if (inQueue && event.key === "k") move(-1);
  else if (inQueue && act) open(act, act === "reject" ? "reject" : "decide");
  else if (onCard && act) show(act);
  else return;
  event.preventDefault();
});

// A reason brings its usual words, unless the officer has written some.
document.addEventListener("change", event => {
  const form = event.target.closest?.("form[data-replies]");
  if (!form || event.target.tagName !== "SELECT") return;
  const text = form.querySelector("textarea");
  const replies = [...event.target.options].map(option => option.dataset.reply ?? "");
  if (text.value === "" || replies.includes(text.value)) text.value = event.target.selectedOptions[0]?.dataset.reply ?? "";
});

// The short bar at the foot of a phone's screen opens the form that it names.
document.addEventListener("click", event => {
  const act = event.target.closest?.("[data-act]")?.dataset.act;
  if (!act || !document.getElementById("approve")) return;
  event.preventDefault();
  show(act);
  document.getElementById(act === "approve" ? "decide" : act === "reject" ? "reject" : "ask")?.scrollIntoView({ block: "start" });
});

const start = () => {
  const act = new URLSearchParams(location.search).get("act");
  if (act && document.getElementById("approve")) setTimeout(() => show(act === "hold" ? "ask" : act));
};

start();
addEventListener("load", () => globalThis.Blazor?.addEventListener?.("enhancedload", start));
