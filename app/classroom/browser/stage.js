// The page: two communities, the run buttons, the numbers, the stories, the code of the setting. The server sends
// what to show; the visitor's actions go to the server as small messages.

const SIDES = ["A", "B"];

class Stage {
  constructor(model, root) {
    const words = (this.words = model.words);
    this.send = (message) => model.send_msg(message);
    this.lessons = new Lessons(words, model.lessons, this.send);
    this.ten = new Ten(words, this.send);
    this.controls = new Controls(words, model.knobs, this.send);
    this.networks = {};
    this.captions = {};
    this.left = {};
    this.playing = false;
    this.status = make("p", { class: "status", role: "status" }, words.preparing);
    this.cuts = make("div", { class: "cuts", role: "note" });
    this.differ = make("p", { class: "differ" });
    this.day = make("p", { class: "day" });
    this.waits = make("p", { class: "waits" });
    this.table = make("table", { class: "glance" });
    this.story = make("div", { class: "story", role: "status" }, make("p", {}, words.why_hint));
    const pictures = SIDES.map((side) => this.picture(side, model.palette));
    root.append(
      this.lessons.element, this.lessons.card,
      make("div", { class: "middle" },
        this.transport(), make("div", { class: "state" }, this.status, this.day), this.waits, this.cuts,
        make("section", { class: "pictures", "aria-label": words.pictures }, this.differ, make("div", { class: "pair" }, ...pictures)),
        this.legend(model.palette), make("slot", { name: "curves" }),
        this.ten.element,
        make("div", { class: "below" },
          make("section", { class: "why", "aria-label": words.why }, make("h2", {}, words.why), this.story, ...SIDES.map((side) => this.lately(side))),
          make("section", { class: "numbers", "aria-label": words.now }, make("h2", {}, words.now), this.table)),
        this.sharing()),
      this.controls.element, // shown at the left, but last in the tab order
    );
    this.on_settings(model.start); // the sliders stand where the file puts them, before anything runs
    this.setBusy(true);
    this.listen(model);
  }

  picture(side, palette) {
    const words = this.words;
    const canvas = make("canvas", {
      tabindex: 0, role: "application", "aria-label": filled(words.picture, { side }), "data-side": side, width: 0, height: 0,
    });
    this.networks[side] = new Network(canvas, palette, (person, wantsStory) => {
      if (wantsStory) this.send({ do: "tell", side, person });
      else this.say(filled(words.member, { number: person }));
    });
    this.captions[side] = make("span", { class: "many" });
    const title = make("b", { class: `in-${side}` }, filled(words.community, { side }));
    return make("figure", {}, make("figcaption", {}, title, " ", this.captions[side]), canvas);
  }

  legend(palette) {
    const scale = make("span", { class: "scale", "aria-hidden": "true" });
    scale.style.background = `linear-gradient(to right, ${palette.join(",")})`;
    return make("p", { class: "legend" }, make("span", {}, this.words.low), scale, make("span", {}, this.words.high), make("span", { class: "explained" }, this.words.legend));
  }

  transport() {
    const words = this.words;
    const button = (name, message) => make("button", { type: "button", "data-do": name, onclick: () => this.send(message) }, words[name]);
    this.run = make("button", { type: "button", class: "main", "data-do": "run", onclick: () => this.send({ do: "play", on: !this.playing }) }, words.run);
    this.buttons = [this.run, button("day_on", { do: "step" }), button("skip", { do: "skip" }), button("reset", { do: "reset" }), this.ten.button];
    this.pace = make("input", {
      id: "pace", type: "range", min: 1, max: 14, step: 1, value: 1,
      oninput: () => { this.paceText.textContent = this.pace.value; }, onchange: () => this.send({ do: "pace", days: Number(this.pace.value) }),
    });
    this.paceText = make("span", { class: "values" }, "1");
    return make("div", { class: "transport" }, ...this.buttons, make("label", { for: "pace" }, words.pace), this.pace, this.paceText);
  }

  lately(side) {
    this.left[side] = make("span", {});
    return make("p", { class: "lately" }, filled(this.words.lately, { side }), this.left[side]);
  }

  sharing() {
    const words = this.words;
    this.code = make("input", { id: "code", type: "text", readonly: true, size: 34 });
    const other = make("input", { id: "other-code", type: "text", size: 34, maxlength: 80, autocomplete: "off", spellcheck: "false" });
    const copy = () => { this.code.select(); navigator.clipboard?.writeText(this.code.value).catch(() => {}); this.say(words.copied); };
    const use = (event) => { event.preventDefault(); this.send({ do: "read", code: other.value }); };
    return make("section", { class: "sharing", "aria-label": words.share }, make("h2", {}, words.share),
      make("p", {}, make("label", { for: "code" }, words.code), this.code, make("button", { type: "button", onclick: copy }, words.copy)),
      make("form", { onsubmit: use }, make("label", { for: "other-code" }, words.other_code), other, make("button", { type: "submit" }, words.use)));
  }

  say(text) { this.status.textContent = text; this.status.classList.remove("fault"); }

  setBusy(busy) {
    for (const button of this.buttons) button.disabled = busy;
    this.pace.disabled = busy;
    this.controls.setBusy(busy);
    this.lessons.setBusy(busy);
  }

  listen(model) {
    model.on("msg:custom", (event) => {
      const { what, ...news } = event;
      this[`on_${what}`]?.(news);
    });
    this.send({ do: "hello" });
  }

  on_preparing({ text }) { if (this.status.textContent !== text) this.say(text); }

  on_ready() { this.setBusy(false); this.say(this.words.ready); }

  on_ten_progress(news) { this.ten.progress(news); }

  on_ten_stopped() { this.ten.stopped(); }

  on_ten(news) {
    this.ten.show(news);
    this.ten.element.scrollIntoView({ block: "nearest" });
  }

  on_ten_old() { this.ten.old(); }

  on_crowd({ A, B }) {
    this.networks.A.setCrowd(A);
    this.networks.B.setCrowd(B);
  }

  on_picture({ number, day, days, members, A, B, ties }) {
    for (const side of SIDES) {
      const network = this.networks[side];
      network.setLooks({ A, B }[side]);
      if (ties) network.setTies(ties[side]);
      network.resize();
      network.draw();
      this.captions[side].textContent = members[side];
    }
    this.day.textContent = filled(this.words.day, { day, days });
    this.pictures = (this.pictures || 0) + 1;
    this.run.dataset.pictures = this.pictures;
    this.run.dataset.day = day;
    requestAnimationFrame(() => this.send({ do: "drawn", number }));
  }

  on_playing({ on, over }) {
    this.playing = on;
    this.run.textContent = on ? this.words.pause : this.words.run;
    if (over) this.say(this.lessons.card.hidden ? this.words.over : this.words.answered);
    else if (on) this.say(this.words.tomorrow);
  }

  on_pace({ days }) { this.pace.value = days; this.paceText.textContent = days; }

  on_glance({ rows, left }) {
    const head = make("tr", {}, make("th", { scope: "col" }, this.words.measure), ...SIDES.map((side) => make("th", { scope: "col", class: `in-${side}` }, side)));
    const body = rows.map(([name, a, b]) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, a), make("td", {}, b)));
    this.table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...body));
    for (const side of SIDES) {
      if (this.left[side].querySelector(":focus-visible")) continue; // the visitor is choosing one of them
      const buttons = left[side].map((person) => make("button", { type: "button", class: "who", onclick: () => { this.networks[side].mark(person); this.send({ do: "tell", side, person }); } }, filled(this.words.member, { number: person })));
      this.left[side].replaceChildren(...(buttons.length ? buttons : [this.words.nobody]));
    }
  }

  on_settings({ scenario, files, one_file, positions, cuts, differ, waits, code }) {
    this.controls.scenario.textContent = scenario;
    if (files) this.controls.take(files, one_file);
    this.controls.show(positions);
    this.cuts.replaceChildren(...cuts.map((text) => make("p", {}, text)));
    this.differ.textContent = differ;
    this.waits.textContent = waits;
    this.code.value = code;
  }

  on_lesson(news) {
    const here = this.lessons.card.matches(":focus-within");
    const chosen = news.lesson ? `${news.lesson.name} ${news.guess}` : "";
    if (chosen !== this.chosen) this.ten.clear(); // what came back belongs to another lesson
    this.chosen = chosen;
    this.lessons.show(news);
    if (here) this.run.focus(); // the button of the guess has disappeared
  }

  on_story({ side, sentences }) {
    this.story.replaceChildren(make("h3", { class: `in-${side}` }, filled(this.words.community, { side })), ...sentences.map((text) => make("p", {}, text)));
  }

  on_fault({ text }) { this.status.textContent = text; this.status.classList.add("fault"); }
}

export function render({ model, el }) {
  if (el.querySelector(".board")) return; // Panel renders again when the layout has settled
  const root = document.createElement("div");
  root.className = "board";
  el.style.width = "100%";
  el.append(root);
  el.getRootNode().host.append(document.querySelector(".curves")); // into the slot that the layout has for it
  new Stage(model, root);
}
