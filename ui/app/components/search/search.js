// A combobox: the text goes to Python, suggestions come back. After the pattern of
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/. Text is only ever set as textContent.

const PATIENCE = 2000; // milliseconds after which an answer is no longer waited for
const NOTHING = "Nothing in this graph has all of these words in its name.";
const boxes = new WeakMap();

export default function search({ parentElement, data, setStateValue, setTriggerValue }) {
  let box = boxes.get(parentElement);
  if (!box) boxes.set(parentElement, (box = new Box(parentElement)));
  box.update(data, setStateValue, setTriggerValue);
  const { age } = box;
  return () => {
    if (box.age !== age) return; // a newer drawing took over
    box.remove();
    boxes.delete(parentElement);
  };
}

class Box {
  constructor(parent) {
    this.age = 0;
    this.active = -1;
    this.open = false;
    this.suggestions = [];
    this.answers = "";
    this.asked = null; // the text that Python is looking for just now
    this.root = element("div", "search");
    const label = element("label", "unseen", "Find a model, dataset or Space");
    label.htmlFor = "text";
    this.input = element("input", "text");
    Object.assign(this.input, {
      id: "text", type: "text", autocomplete: "off", spellcheck: false, maxLength: 200,
      placeholder: "Find a model, dataset or Space: type any part of its name, such as llama 8b instruct",
    });
    attributes(this.input, {
      role: "combobox", "aria-autocomplete": "list", "aria-controls": "list",
      "aria-expanded": "false", "aria-keyshortcuts": "/",
    });
    this.hint = element("kbd", "hint", "/");
    this.hint.setAttribute("aria-hidden", "true");
    this.list = element("ul", "list");
    this.list.id = "list";
    attributes(this.list, { role: "listbox", "aria-label": "Suggestions" });
    this.status = element("div", "status");
    this.status.setAttribute("role", "status");
    this.root.append(label, this.input, this.hint, this.list, this.status);
    parent.append(this.root);

    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("focus", () => this.show(true));
    this.input.addEventListener("click", () => this.show(true));
    this.input.addEventListener("blur", () => this.show(false));
    // mousedown would move the focus away and close the list before the click
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.slash = (event) => this.called(event);
    document.addEventListener("keydown", this.slash);
  }

  update(data, setStateValue, setTriggerValue) {
    this.age += 1;
    this.setText = (text) => setStateValue("text", text);
    this.setPicked = (found) => setTriggerValue("picked", found);
    this.answers = data.answers;
    this.suggestions = data.suggestions;
    this.active = -1;
    if (this.answers === this.asked) this.asked = null;
    this.draw();
    this.ask();
    if (this.pickWhenAnswered && this.isAnswered()) {
      this.pickWhenAnswered = false;
      this.pick(this.suggestions[0]);
    }
  }

  remove() {
    document.removeEventListener("keydown", this.slash);
    this.root.remove();
  }

  isAnswered() {
    return this.answers === this.input.value.trim();
  }

  typed() {
    this.pickWhenAnswered = false;
    this.active = -1;
    this.ask();
    this.show(true);
  }

  // At once, but one question at a time: what is typed meanwhile is asked when the answer is there.
  ask() {
    const waiting = this.asked !== null && performance.now() - this.askedAt < PATIENCE;
    if (waiting || this.isAnswered()) return;
    this.asked = this.input.value.trim();
    this.askedAt = performance.now();
    this.setText(this.asked);
  }

  // A slash leads here from anywhere on the page where it is not being typed, and has no other use.
  called(event) {
    const { key, ctrlKey, metaKey, altKey, defaultPrevented } = event;
    const target = event.composedPath()[0];
    const typing = target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
    if (key !== "/" || ctrlKey || metaKey || altKey || typing || defaultPrevented) return;
    event.preventDefault();
    this.input.focus();
    this.input.select();
  }

  pressed(event) {
    const count = this.suggestions.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (count) this.active = (this.active + step + (this.active < 0 && step < 0 ? 1 : 0) + count) % count;
      this.show(true);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!this.isAnswered()) this.pickWhenAnswered = true;
      else if (this.active >= 0 || this.answers) this.pick(this.suggestions[Math.max(this.active, 0)]);
    } else if (event.key === "Escape") {
      if (this.open) this.show(false);
      else this.input.value = "";
      this.ask();
    }
  }

  pick(found) {
    if (!found) return;
    this.setPicked({ id: found.id, kind: found.kind });
    this.input.value = "";
    this.ask();
    this.show(false);
  }

  show(open) {
    this.open = open;
    this.draw();
  }

  draw() {
    const text = this.input.value.trim();
    const open = this.open && this.suggestions.length > 0;
    const nothing = this.open && !open && text !== "" && this.isAnswered();
    this.root.classList.toggle("open", open);
    this.root.classList.toggle("nothing", nothing);
    this.root.dataset.answers = this.answers;
    attributes(this.input, { "aria-expanded": String(open) });
    this.list.replaceChildren(...this.suggestions.map((found, index) => this.row(found, index)));
    this.status.textContent = nothing ? NOTHING : open && this.isAnswered() ? this.count() : "";
    if (open && this.active >= 0) this.input.setAttribute("aria-activedescendant", `found-${this.active}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  count() {
    const count = this.suggestions.length;
    return `${count} suggestion${count === 1 ? "" : "s"}`;
  }

  row(found, index) {
    const row = element("li", "row");
    row.id = `found-${index}`;
    attributes(row, { role: "option", "aria-selected": String(index === this.active) });
    const name = element("span", "name", found.shown);
    name.dir = "ltr";
    row.append(name);
    if (!found.known) row.append(element("span", "tag", "only named"));
    row.append(element("span", `kind ${found.kind}`, found.kind));
    const downloads = element("span", "downloads", found.downloads);
    if (found.downloads) downloads.append(element("span", "unit", " downloads"));
    row.append(downloads);
    row.addEventListener("click", () => this.pick(found));
    if (index === this.active) requestAnimationFrame(() => row.scrollIntoView({ block: "nearest" }));
    return row;
  }
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function attributes(target, values) {
  for (const [name, value] of Object.entries(values)) target.setAttribute(name, value);
}
