// Light or dark, decided before the page is painted: what the student chose here, else what the system says.

const CHOICE = "mlcourse-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
let choice = null;

try {
  choice = localStorage.getItem(CHOICE);
} catch {
  // Nothing may be kept: a choice lives as long as the page.
}

function draw() {
  const theme = choice ?? (system.matches ? "dark" : "light");
  document.documentElement.dataset.theme = theme;
  document.querySelector("#site-theme")?.setAttribute("aria-pressed", String(theme === "dark"));
}

function turn() {
  choice = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  draw();
  try {
    localStorage.setItem(CHOICE, choice);
  } catch {
    // As above.
  }
}

document.documentElement.classList.add("js");
draw();
system.addEventListener("change", draw);
document.addEventListener("DOMContentLoaded", () => {
  draw();
  document.querySelector("#site-theme").addEventListener("click", turn);
});
