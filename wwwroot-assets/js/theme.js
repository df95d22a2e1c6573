// Light or dark: the system's choice, unless the person chose here. Runs before the first paint.
(() => {
  const root = document.documentElement;
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const apply = () => {
    const theme = stored();
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    root.classList.add("js");
  };
  const isDark = () => (stored() ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  apply();
  document.addEventListener("click", event => {
    if (!event.target.closest?.("[data-theme-toggle]")) return;
    try { localStorage.setItem("theme", isDark() ? "light" : "dark"); } catch { return; }
    apply();
  });
})();
