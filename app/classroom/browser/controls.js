// The sliders: one per knob, moved in A, B or both; the value in each community is shown beside it. Each starts where
// the file of its community puts it, and the file's own value is one of its steps.

class Controls {
  constructor(words, knobs, send) {
    this.words = words;
    this.knobs = knobs;
    this.send = send;
    this.side = "B";
    this.busy = true;
    this.positions = this.files = null;
    this.rows = {};
    const groups = ["door", "driver", "event", "people"].map((group) => this.group(group));
    this.scenario = make("p", { class: "scenario" });
    this.asInFile = make("button", { type: "button", "data-do": "file", onclick: () => send({ do: "file" }) }, words.as_in_file);
    this.file = make("div", { class: "file" });
    this.element = make(
      "section", { class: "controls", "aria-label": words.settings },
      make("h2", {}, words.settings), this.scenario, this.file, this.sides(), make("div", { class: "groups" }, ...groups), this.asInFile,
    );
  }

  sides() {
    const options = [
      ["A", filled(this.words.only, { side: "A" })], ["B", filled(this.words.only, { side: "B" })], ["AB", this.words.both],
    ];
    this.radios = [];
    const choices = options.map(([side, label]) => {
      const radio = make("input", {
        type: "radio", name: "side", value: side, checked: side === this.side,
        onchange: () => { this.side = side; this.show(); },
      });
      this.radios.push(radio);
      return make("label", { class: `side side-${side}` }, radio, label);
    });
    return make("fieldset", { class: "sides" }, make("legend", {}, this.words.applies), ...choices);
  }

  group(name) {
    const own = this.knobs.filter((knob) => knob.group === name);
    return make(
      "fieldset", { class: "group" }, make("legend", {}, this.words[`${name}_knobs`]), ...own.map((knob) => this.row(knob)),
    );
  }

  row(knob) {
    const id = `knob-${knob.key}`;
    const move = (event) => {
      const [position] = this.steps(knob)[Number(event.target.value)];
      this.send({ do: "move", side: this.side, key: knob.key, position });
    };
    const input = knob.choice
      ? make("select", { id, onchange: move })
      : make("input", {
          id, type: "range", min: 0, max: 0, step: 1, onchange: move,
          oninput: (event) => { this.announce(knob, event.target); this.values(knob, this.steps(knob)[Number(event.target.value)][1]); },
        });
    const values = make("span", { class: "values", "aria-hidden": "true" });
    const later = make("p", { class: "later" });
    this.rows[knob.key] = { knob, input, values, later };
    if (knob.hint) input.setAttribute("aria-description", knob.hint);
    return make("div", { class: "knob", title: knob.hint || null }, make("label", { for: id }, knob.label), values, input, later);
  }

  // The side whose steps and positions the sliders stand for.
  get shown() { return this.side === "B" ? "B" : "A"; }

  steps(knob, side = this.shown) { return this.files[side].knobs[knob.key].steps; }

  index(knob, side = this.shown) {
    const position = this.positions[side][knob.key];
    return Math.max(0, this.steps(knob, side).findIndex(([at]) => at === position));
  }

  text(knob, side) { return this.steps(knob, side)[this.index(knob, side)][1]; }

  announce(knob, input) {
    input.setAttribute("aria-valuetext", this.steps(knob)[Number(input.value)][1]);
  }

  // Show the values beside a slider, also while it is being moved.
  values(knob, moving) {
    const { values } = this.rows[knob.key];
    values.replaceChildren();
    const at = (side) => (moving !== undefined && (this.side.includes(side) || knob.group === "people") ? moving : this.text(knob, side));
    const [a, b] = [at("A"), at("B")];
    values.classList.toggle("words", a.length + b.length > 24);
    if (knob.choice && a === b && a.length <= 24) return; // the list shows it
    if (a === b) values.append(a);
    else values.append(make("b", { class: "in-A" }, "A"), ` ${a}  `, make("b", { class: "in-B" }, "B"), ` ${b}`);
  }

  // What the files say, in words and as steps of the sliders.
  take(files, oneFile) {
    this.files = files;
    const sides = oneFile ? ["A"] : SIDES;
    this.file.replaceChildren(...sides.map((side) => make("details", {},
      make("summary", {}, oneFile ? this.words.file : filled(this.words.file_of, { side })),
      ...files[side].paragraphs.map((text) => make("p", {}, text)))));
  }

  show(positions = this.positions) {
    this.positions = positions;
    if (!positions || !this.files) return;
    for (const { knob, input, later } of Object.values(this.rows)) {
      const steps = this.steps(knob), index = this.index(knob);
      if (knob.choice) input.replaceChildren(...steps.map(([, text], k) => make("option", { value: k }, text)));
      else input.max = steps.length - 1;
      input.value = index;
      input.disabled = this.busy || steps.length < 2;
      if (!knob.choice) this.announce(knob, input);
      this.values(knob);
      const changes = [...new Set(SIDES.flatMap((side) => this.files[side].knobs[knob.key].later))];
      later.replaceChildren(...changes.map((text) => make("span", {}, filled(this.words.later, { what: text }))));
    }
  }

  setBusy(busy) {
    this.busy = busy;
    this.element.classList.toggle("busy", busy);
    for (const control of [...this.radios, this.asInFile]) control.disabled = busy;
    this.show();
  }
}
