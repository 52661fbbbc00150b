// The text of the file: a plain text box with line numbers, in which lines with mistakes are marked.

const PAUSE = 300; // milliseconds without a key until the server checks what was typed

class Editor {
  constructor(words, changed) {
    this.changed = changed;
    this.timer = null;
    this.gutter = make("pre", { class: "gutter", "aria-hidden": "true" });
    this.box = make("textarea", {
      id: "text", class: "yaml", wrap: "off", spellcheck: "false", autocomplete: "off", autocapitalize: "off", "aria-label": words.text_label,
      oninput: (event) => this.typed(event), oncompositionend: (event) => this.typed(event), onchange: () => this.flush(), onscroll: () => { this.gutter.scrollTop = this.box.scrollTop; },
    });
    this.element = make("div", { class: "editor" }, this.gutter, this.box);
    this.wrong = new Set();
  }

  get text() { return this.box.value; }

  get isTyping() { return this.timer !== null; }

  setText(text) {
    clearTimeout(this.timer);
    this.timer = null;
    if (text !== this.box.value) {
      const { scrollTop, scrollLeft, selectionStart } = this.box;
      this.box.value = text;
      this.box.setSelectionRange(selectionStart, selectionStart);
      Object.assign(this.box, { scrollTop, scrollLeft });
    }
    this.number();
  }

  typed(event) {
    this.number();
    if (event.isComposing) return; // an input method composes a word
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  flush() { // also before any other message, so that the server works on what is shown
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.changed(this.box.value);
  }

  mark(lines) { this.wrong = new Set(lines); this.number(); }

  number() {
    const lines = this.box.value.split("\n").length;
    const key = `${lines}:${[...this.wrong]}`;
    if (key !== this.numbered) {
      this.numbered = key;
      this.gutter.replaceChildren(...Array.from({ length: lines }, (_, k) => make("span", { class: this.wrong.has(k + 1) ? "wrong" : "" }, `${k + 1}\n`)));
    }
    this.gutter.scrollTop = this.box.scrollTop;
  }

  goTo(line, column, length) {
    const lines = this.box.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    this.box.focus();
    this.box.setSelectionRange(start, start + length);
    const height = parseFloat(getComputedStyle(this.box).lineHeight);
    this.box.scrollTop = Math.max(0, (line - 4) * height);
  }
}
