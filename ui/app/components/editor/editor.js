// A SPARQL editor: YASQE for highlighting and for syntax errors as they are typed, with a completion of our own from the
// terms that Python sends. Text is only ever set as textContent. Nothing is stored and nothing is fetched.

import "./yasqe.min.js"; // no module: it leaves its name in globalThis.Yasqe

const { Yasqe } = globalThis;
Yasqe.defaults.autocompleters = []; // its own ask servers elsewhere; an empty list in the options would not replace them

const MOST = 60; // suggestions
const MOST_EXPECTED = 8; // what a message lists of what would have been understood
const CHANGED = 400; // milliseconds without a key before a syntax error is told
const NAMES = { // what the grammar's tokens are called here; the others are as they are written
  BLANK_NODE_LABEL: "", DECIMAL: "", DOUBLE: "", INTEGER: "a number", IRI_REF: "<IRI>", NIL: "()", ANON: "[]",
  PNAME_LN: "prefix:name", PNAME_NS: "", STRING_LITERAL1: "", STRING_LITERAL2: "a string", STRING_LITERAL_LONG1: "",
  STRING_LITERAL_LONG2: "", VAR1: "?variable", VAR2: "",
};
const TABS = { "Tab": (cm) => cm.execCommand("indentMore"), "Shift-Tab": (cm) => cm.execCommand("indentLess") };
const editors = new WeakMap();
const drafts = new Map(); // by key: what was typed last, so that a change of page loses nothing

export default function editor({ parentElement, data, setTriggerValue }) {
  let found = editors.get(parentElement);
  if (!found) editors.set(parentElement, (found = new Editor(parentElement, data)));
  found.update(data, setTriggerValue);
  const { age } = found;
  return () => {
    if (found.age !== age) return; // a newer drawing took over
    found.remove();
    editors.delete(parentElement);
  };
}

class Editor {
  constructor(parent, data) {
    this.age = 0;
    this.root = element("div", "editor");
    this.root.editor = this; // for tests
    this.place = element("div", "place");
    this.status = element("div", "status");
    attributes(this.status, { role: "status" });
    this.root.append(this.place, this.bar(), this.status);
    parent.append(this.root);
    this.terms = data.terms.map(([name, kind, label, definition]) => ({ name, kind, label, definition }));
    this.byName = new Map(this.terms.map((term) => [term.name, term]));
    this.prefixes = data.prefixes;
    this.mount();
  }

  mount() {
    this.yasqe = new Yasqe(this.place, {
      value: "",
      consumeShareLink: null,
      createShareableLink: null,
      editorHeight: "auto",
      persistenceId: null,
      resizeable: false,
      screenReaderLabel: "SPARQL",
      showQueryButton: false,
      viewportMargin: 200,
      extraKeys: {
        "Ctrl-Enter": () => this.run(),
        "Cmd-Enter": () => this.run(),
        "Ctrl-Space": () => this.complete(true),
        "Esc": () => this.leave(),
        ...TABS,
      },
    });
    this.cm = this.place.querySelector(".CodeMirror").CodeMirror; // YASQE copies it, and its copy has no operations
    this.doc = this.cm.getDoc();
    const mode = this.cm.getMode();
    const start = mode.startState;
    mode.startState = (...given) => {
      const state = start(...given);
      Object.assign(state.prefixes, this.prefixes); // the server knows them without a declaration
      return state;
    };
    attributes(this.cm.getInputField(), { "aria-describedby": "help" });
    this.cm.on("change", () => this.changed());
    this.cm.on("inputRead", (_, change) => this.typed(change));
    this.cm.on("cursorActivity", () => this.explain());
    this.cm.on("blur", () => this.bindTab(TABS));
    this.cm.on("keydown", (_, event) => {
      if (!["Escape", "Tab", "Shift"].includes(event.key)) this.bindTab(TABS);
    });
    this.sizes = new ResizeObserver(() => this.cm.refresh()); // the style sheet comes later than the script
    this.sizes.observe(this.root);
  }

  bar() {
    const bar = element("div", "bar");
    this.runButton = button("Run", "run", () => this.run());
    const plan = button("Plan", "plain", () => this.setPlan({ text: this.cm.getValue() }));
    plan.title = "How the query is read, step by step";
    const help = element(
      "span", "help", "Ctrl+Enter runs, Ctrl+Space completes, Escape and then Tab leaves the editor.",
    );
    help.id = "help";
    bar.append(this.runButton, plan, help);
    return bar;
  }

  update(data, setTriggerValue) {
    this.age += 1;
    this.key = data.key;
    this.setRun = (value) => setTriggerValue("run", value);
    this.setPlan = (value) => setTriggerValue("plan", value);
    const before = drafts.get(data.key);
    if (!before || before.given !== data.text || before.edition !== data.edition) {
      if (!before || before.sent !== data.text) this.write(data.text);
      else if (!this.cm.getValue()) this.write(before.draft);
      drafts.set(data.key, { given: data.text, edition: data.edition, draft: this.cm.getValue() });
    } else if (this.cm.getValue() !== before.draft) this.write(before.draft);
    this.show(data.problem);
  }

  write(text) {
    this.writing = true;
    this.cm.setValue(text);
    this.doc.clearHistory();
    this.writing = false;
    this.check();
  }

  remove() {
    clearTimeout(this.timer);
    this.sizes.disconnect();
    this.yasqe.destroy();
    this.root.remove();
  }

  run() {
    const text = this.cm.getValue();
    const draft = drafts.get(this.key);
    if (draft) draft.sent = text;
    this.setRun({ text });
  }

  leave() {
    this.bindTab({ "Tab": false, "Shift-Tab": false }); // left to the browser, which moves on
    this.leaving = true;
    this.say("Tab now leaves the editor.");
  }

  bindTab(keys) {
    Object.assign(this.cm.getOption("extraKeys"), keys);
    this.leaving = false;
  }

  // --- errors -----------------------------------------------------------------------------------

  changed() {
    const draft = drafts.get(this.key);
    if (draft && !this.writing) draft.draft = this.cm.getValue();
    this.mark?.clear();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), CHANGED);
  }

  check() {
    const error = this.firstError();
    this.root.dataset.valid = String(!error);
    this.say(error?.text ?? "", "wrong");
    if (error) this.underline(error.from, error.to);
  }

  firstError() {
    for (let line = 0; line < this.doc.lineCount(); line += 1) {
      const token = this.cm.getLineTokens(line, true).find(({ state }) => state.OK === false);
      if (token) {
        const { errorMsg, possibleCurrent } = token.state;
        const expected = [...new Set((possibleCurrent ?? []).map((name) => NAMES[name] ?? name))].filter(Boolean);
        const why = errorMsg ?? (expected.length ? `Expected: ${expected.slice(0, MOST_EXPECTED).join("  ")}` : "");
        const text = `Line ${line + 1} cannot be read from ${token.string.trim().slice(0, 40) || "its end"} on. ${why}`;
        return { text, from: { line, ch: token.start }, to: { line, ch: token.end } };
      }
    }
    return null;
  }

  show(problem) {
    if (!problem || problem.text !== this.doc.getValue() || this.root.dataset.valid === "false") return;
    const line = Math.min(problem.line, this.doc.lineCount()) - 1;
    const { length } = this.doc.getLine(line);
    const from = { line, ch: Math.max(Math.min(problem.column, length) - 1, 0) }; // it may end too early
    this.underline(from, { line, ch: length });
    this.say(`Line ${problem.line}, column ${problem.column}: the query cannot be read from here on.`, "wrong");
  }

  underline(from, to) {
    this.mark?.clear();
    this.mark = this.doc.markText(from, to, { className: "problem" });
  }

  say(text, kind = "") {
    this.status.textContent = text;
    this.status.className = `status ${kind}`;
  }

  // --- completion -------------------------------------------------------------------------------

  typed(change) {
    const last = change.text[change.text.length - 1].slice(-1);
    if (/[\w:?$-]/.test(last) && !this.cm.state.completionActive) this.complete(false);
  }

  complete(asked) {
    const token = this.cm.getTokenAt(this.doc.getCursor());
    if (/comment|string/.test(token.type ?? "") && !/string-2/.test(token.type)) return;
    if (!asked && this.word().text.length < 2 && !/^[?$]/.test(this.word().text)) return;
    this.cm.showHint({
      hint: () => this.hints(),
      container: this.yasqe.rootEl,
      completeSingle: false,
      closeCharacters: /[\s()[\]{};,.>"]/,
    });
  }

  word() {
    const cursor = this.doc.getCursor();
    const line = this.doc.getLine(cursor.line).slice(0, cursor.ch);
    const text = /(?:[?$]\w*|[A-Za-z][\w-]*:?[\w-]*)$/.exec(line)?.[0] ?? "";
    return { text, cursor, before: line.slice(0, line.length - text.length) };
  }

  hints() {
    const { text, cursor, before } = this.word();
    const found = /^[?$]/.test(text) ? this.variables(text) : this.named(text, before);
    return {
      from: { line: cursor.line, ch: cursor.ch - text.length },
      to: cursor,
      list: found.slice(0, MOST).map((term) => ({
        text: term.name,
        render: (place) => place.append(...suggestion(term)),
      })),
    };
  }

  variables(text) {
    const names = new Set(this.cm.getValue().match(/[?$]\w+/g) ?? []);
    names.delete(text);
    const known = [...names].filter((name) => name.startsWith(text)).sort();
    return known.map((name) => ({ name, kind: "variable", label: "", definition: "" }));
  }

  named(text, before) {
    const wanted = text.toLowerCase();
    const first = /(?:^|\s)(?:a|rdf:type)\s+$/.test(before) ? "class" : "property";
    const prefixes = Object.entries(this.prefixes)
      .filter(([name]) => `${name}:`.startsWith(wanted))
      .map(([name, iri]) => ({ name: `${name}:`, kind: "prefix", label: "", definition: iri }));
    const terms = this.terms
      .map((term) => [rank(term, wanted), term.kind === first ? 0 : 1, term])
      .filter(([place]) => place < 3)
      .sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2].name < b[2].name ? -1 : 1))
      .map(([, , term]) => term);
    return wanted.includes(":") ? terms : [...prefixes, ...terms];
  }

  explain() {
    if (this.root.dataset.valid === "false" || this.leaving) return;
    const cursor = this.doc.getCursor();
    const token = this.cm.getTokenAt(cursor);
    const term = this.byName.get(token.string);
    this.say(term ? `${term.name} is a ${term.kind}: ${term.definition}` : "");
  }
}

function rank({ name, label }, wanted) {
  const whole = name.toLowerCase();
  if (whole.startsWith(wanted)) return 0;
  if (wanted.includes(":")) {
    const [prefix, rest] = wanted.split(":");
    return whole.startsWith(`${prefix}:`) && whole.includes(rest) ? 1 : 3;
  }
  if (whole.split(":")[1].startsWith(wanted)) return 1;
  return whole.includes(wanted) || label.toLowerCase().includes(wanted) ? 2 : 3;
}

function suggestion({ name, kind, definition }) {
  const head = element("span", "head");
  head.append(element("span", "name", name), element("span", "kind", kind));
  return [head, element("span", "definition", definition)];
}

function button(text, className, act) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
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
