// What stands above the picture: the sides, the search inside the view, the buttons, and a line
// that tells of a path.

import { attributes, element, svgElement } from "./dom.js";

export class Tools {
  constructor(acts) {
    this.root = element("div", "bar");
    this.input = attributes(element("input", "find"), {
      type: "search", placeholder: "Find in this view", "aria-label": "Find in this view",
      autocomplete: "off", spellcheck: "false",
    });
    this.input.addEventListener("input", () => acts.find(this.input.value));
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") acts.next(event.shiftKey ? -1 : 1);
      else if (event.key === "Escape") acts.clear();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.hits = attributes(element("span", "hits"), { "aria-live": "polite" });
    const buttons = element("div", "buttons");
    for (const [sign, name, act] of [
      ["+", "Zoom in", () => acts.zoom(1.3)],
      ["−", "Zoom out", () => acts.zoom(1 / 1.3)],
      ["⤢", "Fit all", acts.fit],
      ["◎", "Back to the focus", acts.settle],
      ["", "Full screen", acts.fullscreen],
      ["PNG", "Save the picture as PNG", () => acts.save("png")],
      ["SVG", "Save the picture as SVG", () => acts.save("svg")],
    ]) {
      const button = element("button", sign.length > 1 ? "button wide" : "button", sign);
      attributes(button, { type: "button", "aria-label": name, title: name });
      if (!sign) button.append(corners());
      button.addEventListener("click", act);
      buttons.append(button);
    }
    const sides = element("span", "side", "← what it was made from · what was made from it →");
    this.root.append(sides, this.input, this.hits, buttons);
    this.told = attributes(element("p", "told"), { "aria-live": "polite" });
    this.told.hidden = true;
  }

  tell(text) {
    this.told.textContent = text;
    this.told.hidden = !text;
  }

  report(text) {
    this.hits.textContent = text;
  }
}

// The sign for the full screen: few fonts have it.
function corners() {
  const made = svgElement("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" });
  made.append(svgElement("path", {
    d: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4", fill: "none", stroke: "currentColor", "stroke-width": 1.8,
  }));
  return made;
}
