// A combobox: the text goes to Python, suggestions come back. After the pattern of
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/. Text is only ever set as textContent.

const PAUSE = 120; // milliseconds without a key before Python is asked
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
      "aria-expanded": "false",
    });
    this.list = element("ul", "list");
    this.list.id = "list";
    attributes(this.list, { role: "listbox", "aria-label": "Suggestions" });
    this.status = element("div", "unseen");
    this.status.setAttribute("role", "status");
    this.root.append(label, this.input, this.list, this.status);
    parent.append(this.root);

    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("focus", () => this.show(true));
    this.input.addEventListener("click", () => this.show(true));
    this.input.addEventListener("blur", () => this.show(false));
    // mousedown would move the focus away and close the list before the click
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  update(data, setStateValue, setTriggerValue) {
    this.age += 1;
    this.setText = (text) => setStateValue("text", text);
    this.setPicked = (found) => setTriggerValue("picked", found);
    this.answers = data.answers;
    this.suggestions = data.suggestions;
    this.active = -1;
    this.draw();
    if (this.pickWhenAnswered && this.isAnswered()) {
      this.pickWhenAnswered = false;
      this.pick(this.suggestions[0]);
    }
  }

  remove() {
    clearTimeout(this.timer);
    this.root.remove();
  }

  isAnswered() {
    return this.answers === this.input.value.trim();
  }

  typed() {
    clearTimeout(this.timer);
    this.pickWhenAnswered = false;
    this.timer = setTimeout(() => this.setText(this.input.value.trim()), PAUSE);
    this.show(true);
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
      if (this.isAnswered()) this.pick(this.suggestions[Math.max(this.active, 0)]);
      else this.pickWhenAnswered = true;
    } else if (event.key === "Escape") {
      if (this.open) this.show(false);
      else this.input.value = "";
    }
  }

  pick(found) {
    if (!found) return;
    clearTimeout(this.timer);
    this.setPicked({ id: found.id, kind: found.kind });
    this.input.value = "";
    this.setText("");
    this.show(false);
  }

  show(open) {
    this.open = open;
    this.draw();
  }

  draw() {
    const open = this.open && (this.suggestions.length > 0 || this.input.value.trim() !== "");
    this.root.classList.toggle("open", open);
    this.root.dataset.answers = this.answers;
    attributes(this.input, { "aria-expanded": String(open) });
    const waiting = !this.isAnswered();
    this.list.replaceChildren(
      ...this.suggestions.map((found, index) => this.row(found, index)),
    );
    if (!this.suggestions.length && !waiting && this.input.value.trim()) {
      const empty = element("li", "empty", "Nothing in this graph has all of these words in its name.");
      this.list.append(empty);
      this.status.textContent = empty.textContent;
    } else {
      const count = this.suggestions.length;
      this.status.textContent = open && !waiting ? `${count} suggestion${count === 1 ? "" : "s"}` : "";
    }
    if (this.active >= 0) this.input.setAttribute("aria-activedescendant", `found-${this.active}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  row(found, index) {
    const row = element("li", "row");
    row.id = `found-${index}`;
    attributes(row, { role: "option", "aria-selected": String(index === this.active) });
    const name = element("span", "name", found.shown);
    name.dir = "ltr";
    row.append(name);
    if (found.kind !== "model") row.append(element("span", "tag", found.kind));
    if (!found.known) row.append(element("span", "tag", "only named"));
    if (found.downloads) {
      const downloads = element("span", "downloads", found.downloads);
      downloads.title = "downloads";
      row.append(downloads);
    }
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
