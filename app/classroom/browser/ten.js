// What comes back in ten runs: progress, then one row for each measure with a picture of the ten pairs.

const STRIP = { width: 220, height: 34, edge: 8, a: 7, b: 27 };

class Ten {
  constructor(words, send) {
    this.words = words;
    this.send = send;
    this.on = false;
    this.button = make("button", { type: "button", "data-do": "ten", title: words.ten_hint, onclick: () => send({ do: "ten", on: !this.on }) }, words.ten);
    this.element = make("section", { class: "ten", "aria-label": words.ten_heading, hidden: true });
  }

  running(on) {
    this.on = on;
    this.button.textContent = on ? this.words.stop_ten : this.words.ten;
  }

  progress({ done, total }) {
    this.running(true);
    if (!this.bar) {
      this.bar = make("progress", { max: total, "aria-label": this.words.ten_heading });
      this.count = make("p", { role: "status" });
      this.element.replaceChildren(make("h2", {}, this.words.ten_heading), this.bar, this.count);
      this.element.hidden = false;
    }
    this.bar.value = done;
    this.count.textContent = done ? filled(this.words.ten_progress, { n: done, total }) : this.words.ten_begins;
  }

  stopped() {
    this.running(false);
    if (!this.bar) return;
    this.bar = null;
    this.element.replaceChildren();
    this.element.hidden = true;
  }

  clear() {
    this.bar = null;
    this.running(false);
    this.element.replaceChildren();
    this.element.hidden = true;
  }

  show({ title, rows, old }) {
    this.bar = null;
    this.running(false);
    this.outdated = make("p", { class: "outdated", hidden: !old }, this.words.ten_old);
    const list = make("ul", {}, ...rows.map((row) => make("li", { class: row.comes_back ? "back" : "open" },
      make("span", { class: "label" }, row.label), this.strip(row),
      make("span", { class: "said" }, make("b", { class: "verdict" }, row.verdict), " ", row.sentence))));
    this.element.replaceChildren(make("h2", {}, this.words.ten_heading), make("p", {}, title), this.outdated, list, make("p", { class: "note" }, this.words.ten_note));
    this.element.hidden = false;
  }

  old() { if (this.outdated) this.outdated.hidden = false; }

  // A above and B below, on one scale; a line joins the two runs with the same seed.
  strip(row) {
    const { width, height, edge, a, b } = STRIP;
    const svg = (tag, attributes, ...content) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      element.append(...content);
      return element;
    };
    const x = (share) => edge + share * (width - 2 * edge);
    const pairs = row.pairs.filter((pair) => pair !== null);
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${row.label}. ${row.text}` });
    picture.append(
      ...pairs.map(([p, q]) => svg("line", { x1: x(p), y1: a, x2: x(q), y2: b, class: "joins" })),
      ...pairs.map(([p]) => svg("circle", { cx: x(p), cy: a, r: 4, class: "of-A" })),
      ...pairs.map(([, q]) => svg("rect", { x: x(q) - 3.5, y: b - 3.5, width: 7, height: 7, class: "of-B" })),
    );
    return make("span", { class: "strip" }, picture, make("span", { class: "ends", "aria-hidden": "true" }, make("span", {}, row.low), make("span", {}, row.low === row.high ? "" : row.high)));
  }
}
