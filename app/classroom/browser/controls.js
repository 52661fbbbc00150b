// The sliders: one per knob, moved in A, B or both; the value in each community is shown beside it.

class Controls {
  constructor(words, knobs, send) {
    this.words = words;
    this.knobs = knobs;
    this.send = send;
    this.side = "B";
    this.positions = null;
    this.rows = {};
    const groups = ["door", "driver", "event", "people"].map((group) => this.group(group));
    this.scenario = make("p", {});
    this.element = make(
      "section", { class: "controls", "aria-label": words.settings },
      make("h2", {}, words.settings), this.scenario, this.sides(), make("div", { class: "groups" }, ...groups),
    );
  }

  sides() {
    const options = [
      ["A", filled(this.words.only, { side: "A" })], ["B", filled(this.words.only, { side: "B" })], ["AB", this.words.both],
    ];
    const choices = options.map(([side, label]) => {
      const radio = make("input", {
        type: "radio", name: "side", value: side, checked: side === this.side,
        onchange: () => { this.side = side; this.show(this.positions); },
      });
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
    const id = `knob-${knob.key}`, last = knob.values.length - 1;
    const move = (event) => this.send({ do: "move", side: this.side, key: knob.key, position: Number(event.target.value) });
    const input = knob.choice
      ? make("select", { id, onchange: move }, ...knob.values.map((text, k) => make("option", { value: k }, text)))
      : make("input", {
          id, type: "range", min: 0, max: last, step: 1, onchange: move,
          oninput: (event) => { this.announce(knob, event.target); this.values(knob, Number(event.target.value)); },
        });
    const values = make("span", { class: "values", "aria-hidden": "true" });
    this.rows[knob.key] = { knob, input, values };
    if (knob.hint) input.setAttribute("aria-description", knob.hint);
    return make("div", { class: "knob", title: knob.hint || null }, make("label", { for: id }, knob.label), values, input);
  }

  announce(knob, input) {
    input.setAttribute("aria-valuetext", knob.values[input.value]);
  }

  // Show the values beside a slider, also while it is being moved.
  values(knob, moving) {
    const { values } = this.rows[knob.key];
    values.replaceChildren();
    const at = (side) => (moving !== undefined && this.side.includes(side) ? moving : this.positions[side][knob.key]);
    const [a, b] = [at("A"), at("B")];
    if (knob.choice) {
      if (a !== b) values.append(make("b", { class: "in-A" }, "A"), ` ${knob.values[a]} `, make("b", { class: "in-B" }, "B"), ` ${knob.values[b]}`);
    } else if (knob.group === "people" || a === b) values.append(knob.values[a]);
    else values.append(make("b", { class: "in-A" }, "A"), ` ${knob.values[a]}  `, make("b", { class: "in-B" }, "B"), ` ${knob.values[b]}`);
  }

  show(positions) {
    if (!positions) return;
    this.positions = positions;
    const side = this.side === "B" ? "B" : "A";
    for (const { knob, input } of Object.values(this.rows)) {
      input.value = positions[side][knob.key];
      if (!knob.choice) this.announce(knob, input);
      this.values(knob);
    }
  }
}
