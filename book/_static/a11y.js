// Three repairs of the theme for readers who hear the page.
document.addEventListener("DOMContentLoaded", () => {
  // A fold without words has no name.
  for (const fold of document.querySelectorAll("summary")) {
    if (!fold.textContent.trim() && !fold.hasAttribute("aria-label")) {
      const item = fold.closest("li")?.querySelector("a")?.textContent.trim();
      fold.setAttribute("aria-label", item ? `Pages of ${item}` : "Show or hide");
    }
  }
  // A label must hold the words that are seen, or voice control cannot find them.
  for (const control of document.querySelectorAll("button[aria-label], a[aria-label]")) {
    const seen = control.innerText.trim().replace(/\s+/g, " ");
    const label = control.getAttribute("aria-label");
    if (seen && !label.toLowerCase().includes(seen.toLowerCase())) {
      control.setAttribute("aria-label", `${seen}: ${label}`);
    }
  }
  // The logo is a link home and stands outside every landmark.
  const logo = document.querySelector(".sidebar-primary-items__start .navbar-brand");
  if (logo && !logo.closest("nav")) {
    const nav = document.createElement("nav");
    nav.setAttribute("aria-label", "Home");
    logo.replaceWith(nav);
    nav.append(logo);
  }
});
