// The studio: where to start, the form and the text of one scenario, and its reports. The server holds the text; the
// browser sends what is done to it and shows what the server says about it.

const DRAFT = "shequn-studio-draft";
const VIEWS = ["start", "write", "results"];
const PARTS = ["form", "text", "words"]; // one at a time on a narrow screen

class Desk {
  constructor(model, root) {
    const words = (this.words = model.words);
    this.model = model;
    this.root = root;
    this.state = { name: "", is_saved: true, mistakes: [], variants: [], variant: "" };
    this.send = (message) => { this.editor.flush(); this.form.flush(); model.send_msg(message); };
    this.writes = 0; // texts sent; what the server says about an earlier one does not replace the text
    this.editor = new Editor(words, (text) => model.send_msg({ do: "write", text, number: ++this.writes }));
    this.form = new Form(words, model.names, model.sections, this.send);
    this.status = make("p", { class: "status", role: "status" }, words.preparing);
    this.tabs = this.tablist(VIEWS, "view", (name) => this.view(name));
    this.views = { start: this.startView(model.starts), write: this.writeView(model.cards), results: this.resultsView() };
    root.append(make("div", { class: "bar" }, this.tabs, this.fileBar()), this.status, ...VIEWS.map((name) => this.views[name]));
    this.view("start");
    this.part("form");
    this.listen(model);
  }

  tablist(names, kind, choose) {
    const button = (name) => make("button", { type: "button", role: "tab", id: `${kind}-${name}`, "aria-controls": `panel-${name}`, onclick: () => choose(name) }, this.words[`tab_${name}`]);
    const list = make("div", { role: "tablist", class: `tabs ${kind}s` }, ...names.map(button));
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const buttons = [...list.children];
      const next = buttons[(buttons.indexOf(list.getRootNode().activeElement) + step + buttons.length) % buttons.length];
      next.focus();
      next.click();
    });
    return list;
  }

  select(kind, names, name) {
    for (const one of names) {
      const tab = this.root.querySelector(`#${kind}-${one}`);
      tab?.setAttribute("aria-selected", one === name);
      if (tab) tab.tabIndex = one === name ? 0 : -1;
    }
  }

  view(name) {
    for (const one of VIEWS) this.views[one].hidden = one !== name;
    this.select("view", VIEWS, name);
    this.root.dataset.view = name;
  }

  part(name) {
    this.views.write.dataset.part = name;
    this.select("part", PARTS, name);
  }

  // -- the file

  fileBar() {
    const words = this.words;
    this.name = make("input", { type: "text", id: "file-name", size: 22, maxlength: 200, autocomplete: "off", spellcheck: "false" });
    this.saved = make("span", { class: "saved" });
    this.saveButton = make("button", { type: "submit" }, words.save);
    this.undo = make("button", { type: "button", onclick: () => this.send({ do: "undo" }) }, words.undo);
    this.file = make("form", { class: "file", hidden: true, onsubmit: (event) => { event.preventDefault(); this.save(false); } },
      make("label", { for: "file-name" }, words.file), this.name, this.saveButton, this.undo, this.saved);
    return this.file;
  }

  save(replace) { this.send({ do: "save", name: this.name.value, replace }); }

  mayLeave() { return this.state.is_saved || !this.editor.text || confirm(this.words.discard); }

  // -- where to start

  startView(starts) {
    const words = this.words;
    this.files = make("div", { class: "files" });
    const chooser = make("input", { type: "file", id: "import", class: "unseen", accept: ".yaml,.yml,.html,.htm", onchange: () => this.import(chooser) });
    const start = (name) => () => { if (this.mayLeave()) this.send({ do: "start", scenario: name }); };
    const cards = starts.map((one) => make("button", { type: "button", class: "start", "data-start": one.name, onclick: start(one.name) },
      make("b", {}, filled(words.i_run, { what: one.words })), make("span", { class: "question" }, one.question),
      make("span", { class: "from" }, filled(words.start_from, { title: one.title }), one.variants ? ` · ${filled(words.n_variants, { n: one.variants })}` : "")));
    const find = make("input", { type: "search", id: "find", oninput: () => {
      const sought = find.value.trim().toLowerCase();
      const alike = words.synonyms.toLowerCase().split(";").map((line) => line.split(",").map((word) => word.trim()))
        .filter((line) => sought && line.some((word) => word.includes(sought) || sought.includes(word))).flat();
      for (const [k, card] of cards.entries()) {
        const text = `${card.textContent} ${starts[k].name} ${starts[k].more}`.toLowerCase();
        card.hidden = ![sought, ...alike].some((word) => text.includes(word));
      }
      nothing.hidden = cards.some((card) => !card.hidden);
    } });
    const nothing = make("p", { class: "nothing", role: "status", hidden: true }, words.nothing_found);
    return make("section", { class: "view", id: "panel-start", role: "tabpanel", "aria-labelledby": "view-start" },
      make("div", { class: "doors" },
        make("div", {}, make("h2", {}, words.open_here), this.files),
        make("div", {}, make("h2", {}, words.open_elsewhere), make("p", {}, words.import), chooser, make("label", { for: "import", class: "button" }, words.choose)),
        make("div", {}, make("h2", {}, words.empty), make("button", { type: "button", "data-start": "", onclick: start("") }, words.template))),
      make("div", { class: "heading" }, make("h2", {}, words.questions), make("label", { for: "find" }, words.find), find), nothing,
      make("div", { class: "starts" }, ...cards));
  }

  async import(chooser) {
    const [file] = chooser.files;
    chooser.value = "";
    if (!file || !this.mayLeave()) return;
    let text = await file.text();
    if (/\.html?$/i.test(file.name)) text = text.match(/<script type="application\/x-shequn-scenario">[^<]*<\/script>/)?.[0] ?? "";
    this.send({ do: "import", name: file.name, text });
  }

  // -- form and text

  writeView(cards) {
    const words = this.words;
    this.variant = make("select", { id: "variant", onchange: () => this.send({ do: "variant", name: this.variant.value }) });
    const name = make("input", { type: "text", id: "new-variant", size: 12, maxlength: 64, placeholder: words.variant_example, "aria-label": words.variant_name });
    const add = make("form", { class: "inline", onsubmit: (event) => { event.preventDefault(); if (name.value.trim()) this.send({ do: "add_variant", name: name.value }); name.value = ""; } },
      name, make("button", { type: "submit" }, words.add_variant));
    this.removeVariant = make("button", { type: "button", class: "remove", "data-do": "remove_variant", hidden: true, onclick: () => this.send({ do: "remove_variant", name: this.state.variant }) });
    this.run = make("button", { type: "button", class: "main", "data-do": "run", onclick: () => this.send({ do: "run" }) }, words.run);
    this.pairs = make("input", { type: "number", id: "pairs", min: 2, max: 2000, value: 30 });
    this.with = make("span", {}, words.with);
    this.chosen = make("span", { class: "arms" });
    this.assumed = make("input", { type: "checkbox", id: "assumed" });
    this.assumedLabel = make("label", { title: words.assumed_hint }, this.assumed, " ", words.assumed);
    this.compare = make("button", { type: "button", class: "main", "data-do": "compare", onclick: () => this.startComparison() }, words.compare);
    this.stop = make("button", { type: "button", "data-do": "stop", hidden: true, onclick: () => this.send({ do: "stop" }) }, words.stop);
    this.progress = make("progress", { max: 1, hidden: true, "aria-label": words.progress });
    this.left = make("span", { class: "hint" });
    this.mistakes = make("ul", { class: "mistakes" });
    this.verdict = make("p", { class: "verdict", role: "status" });
    this.stale = make("p", { class: "hint", hidden: true }, words.stale);
    this.sentences = make("div", { class: "sentences" });
    return make("section", { class: "view", id: "panel-write", role: "tabpanel", "aria-labelledby": "view-write" },
      make("div", { class: "tools" },
        make("div", { class: "tool" }, make("label", { for: "variant" }, words.editing), this.variant, this.removeVariant, add),
        make("div", { class: "tool" }, this.run, this.compare, this.with, this.chosen, make("label", { for: "pairs" }, words.pairs), this.pairs, this.assumedLabel, this.stop, this.progress, this.left)),
      make("div", { class: "check" }, this.verdict, this.mistakes),
      this.tablist(PARTS, "part", (part) => this.part(part)),
      make("div", { class: "columns" },
        make("section", { class: "part form-part", id: "panel-form", "aria-label": words.tab_form }, make("h2", {}, words.tab_form), make("p", { class: "hint" }, words.form_hint), this.playbook(cards), this.form.element),
        make("div", { class: "side" }, make("section", { class: "part text-part", id: "panel-text", "aria-label": words.tab_text }, make("h2", {}, words.tab_text), this.editor.element),
        make("section", { class: "part words-part", id: "panel-words", tabindex: 0, "aria-label": words.tab_words }, make("h2", {}, words.tab_words), this.stale, this.sentences))));
  }

  playbook(groups) {
    const words = this.words;
    const add = (name) => () => this.send({ do: "card", card: name });
    return make("details", { class: "playbook" }, make("summary", {}, make("h3", {}, words.playbook)), make("p", { class: "hint" }, words.playbook_hint),
      ...groups.map((group) => make("div", { class: "cards" }, make("h4", {}, group.title),
        ...group.cards.map((card) => make("button", { type: "button", "data-card": card.name, title: card.text, onclick: add(card.name) }, `+ ${card.title}`)))));
  }

  startComparison() {
    const chosen = this.ticked();
    const pairs = Math.min(2000, Math.max(2, Math.round(Number(this.pairs.value)) || 30));
    this.pairs.value = pairs;
    this.send({ do: "compare", variants: chosen.join("\n"), pairs, assumed: this.assumed.checked && !this.assumed.disabled });
  }

  ticked() { return [...this.chosen.querySelectorAll("input:checked")].map((box) => box.value); }

  showMistakes(mistakes) {
    this.editor.mark(mistakes.map((one) => one.line));
    this.mistakes.replaceChildren(...mistakes.map((one) => {
      const above = `/variants/${escaped(one.variant)}`;
      const key = dotted(one.variant && `${one.pointer}/`.startsWith(`${above}/`) ? one.pointer.slice(above.length) : one.pointer);
      const where = [one.line ? filled(this.words.line, { n: one.line }) : "", one.variant ? filled(this.words.variant_of, { name: one.variant }) : "", one.message.includes(key) ? "" : key].filter(Boolean).join(" · ");
      return make("li", {}, make("span", { class: "where" }, where), " ", one.message, one.hint ? make("span", { class: "hint" }, ` ${one.hint}`) : "",
        one.line ? make("button", { type: "button", onclick: () => { this.part("text"); this.editor.goTo(one.line, one.column, one.length); } }, this.words.in_text) : "",
        one.pointer && this.state.values ? make("button", { type: "button", onclick: () => this.reveal(one) }, this.words.in_form) : "");
    }));
  }

  // Show a mistake in the form: first choose its variant, for which the form waits for the server.
  reveal({ variant, pointer }) {
    this.part("form");
    this.sought = { variant, pointer };
    if (variant && variant !== this.state.variant) this.send({ do: "variant", name: variant });
    else this.revealed();
  }

  revealed() {
    if (!this.sought || (this.sought.variant && this.sought.variant !== this.state.variant)) return;
    this.form.reveal(this.sought.pointer);
    this.sought = null;
  }

  // -- reports

  resultsView() {
    const words = this.words;
    this.list = make("div", { class: "reports" });
    this.frame = make("iframe", { title: words.report, hidden: true, sandbox: "allow-scripts allow-downloads allow-modals allow-popups" });
    this.window = make("a", { target: "_blank", rel: "noopener" }, words.open_window);
    this.share = make("a", { download: true, class: "share" }, words.share);
    this.shareHint = make("span", { class: "hint" }, words.share_hint);
    this.path = make("code", {});
    this.links = make("p", { class: "links", hidden: true }, this.share, this.shareHint, this.window, this.path);
    this.nothing = make("p", {}, words.no_reports);
    return make("section", { class: "view", id: "panel-results", role: "tabpanel", "aria-labelledby": "view-results" }, this.nothing, this.list, this.links, this.frame);
  }

  showReport(report, button) {
    for (const one of this.list.children) one.setAttribute("aria-pressed", one === button);
    this.frame.src = report.address;
    this.frame.title = report.title;
    this.window.href = report.address;
    this.share.href = `${report.address}?share=1`;
    this.shareHint.hidden = !report.has_scenario;
    this.path.textContent = report.file;
    this.frame.hidden = this.links.hidden = false;
    this.nothing.hidden = true;
  }

  // -- messages of the server

  listen(model) {
    model.on("msg:custom", (event) => {
      const { what, ...news } = event;
      this[`on_${what}`]?.(news);
    });
    let draft = {};
    try { draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? "{}"); } catch { /* no draft */ }
    model.send_msg({ do: "hello", text: draft.text ?? "", name: draft.name ?? "" });
    this.hasDraft = Boolean(draft.text);
    const keep = () => {
      try { sessionStorage.setItem(DRAFT, JSON.stringify({ text: this.editor.text, name: this.name.value })); } catch { /* too large */ }
    };
    addEventListener("pagehide", keep);
    document.querySelector("header a")?.addEventListener("click", () => { keep(); this.leaving = true; });
    addEventListener("beforeunload", (event) => { if (!this.leaving && !this.state.is_saved && this.editor.text) event.preventDefault(); });
    this.root.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); if (this.editor.text) this.save(false); }
    });
  }

  on_ready() {
    this.root.dataset.ready = "yes";
    this.say(this.words.ready);
    if (this.hasDraft) this.view("write");
  }

  on_files({ names }) {
    const open = (name) => () => { if (this.mayLeave()) this.send({ do: "open", name }); };
    this.files.replaceChildren(...(names.length ? names.map((name) => make("button", { type: "button", "data-file": name, onclick: open(name) }, name)) : [make("p", { class: "hint" }, this.words.no_files)]));
  }

  on_opened() { this.view("write"); this.say(""); this.root.querySelector("#view-write").focus(); }

  on_state(state) {
    this.state = state;
    if (state.text !== undefined && state.number === this.writes && !this.editor.isTyping) {
      this.editor.setText(state.text);
      this.root.dataset.versions = Number(this.root.dataset.versions ?? 0) + 1;
    }
    if (this.named !== state.name) { this.named = state.name; this.name.value = state.name; }
    this.file.hidden = false;
    this.saved.textContent = state.is_saved ? this.words.is_saved : this.words.is_changed;
    this.undo.disabled = !state.can_undo;
    this.variant.replaceChildren(make("option", { value: "" }, this.words.itself), ...state.variants.map((name) => make("option", { value: name }, filled(this.words.variant_of, { name }))));
    this.variant.value = state.variant;
    this.removeVariant.hidden = !state.variant;
    this.removeVariant.textContent = filled(this.words.remove_variant, { name: state.variant });
    this.showArms(state.variants);
    this.with.hidden = !state.variants.length;
    this.showMistakes(state.mistakes);
    const n = state.mistakes.length;
    this.verdict.textContent = n ? filled(n === 1 ? this.words.one_mistake : this.words.mistakes, { n }) : this.words.no_mistakes;
    this.verdict.classList.toggle("wrong", n > 0);
    if (state.sentences.length) this.sentences.replaceChildren(...state.notes.map((text) => make("p", { class: "note" }, text)), ...state.sentences.map((text) => make("p", {}, text)));
    this.stale.hidden = state.sentences.length > 0;
    this.form.element.classList.toggle("stale", !state.values);
    this.form.element.inert = !state.values;
    if (state.values) this.form.update(state.values, state.variant, state.mistakes);
    this.revealed();
    this.busy();
  }

  showArms(variants) {
    const off = new Set([...this.chosen.querySelectorAll("input:not(:checked)")].map((box) => box.value));
    this.chosen.replaceChildren(...variants.map((name) => {
      const box = make("input", { type: "checkbox", value: name, onchange: () => this.busy() });
      box.checked = !off.has(name);
      return make("label", {}, box, name);
    }));
  }

  busy() {
    const { mistakes, variants, variant } = this.state;
    const isWrong = (names) => mistakes.some((one) => !one.variant || names.includes(one.variant));
    const ticked = this.ticked();
    this.run.disabled = Boolean(this.working) || isWrong([variant]);
    this.compare.disabled = Boolean(this.working) || !variants.length || isWrong(ticked.length ? ticked : variants);
    this.assumed.disabled = (ticked.length || variants.length) !== 1; // for two arms only
    this.assumedLabel.hidden = !variants.length;
    this.compare.title = variants.length ? "" : this.words.needs_variant;
  }

  on_working({ on, title }) {
    this.working = on;
    this.stop.hidden = this.progress.hidden = !on;
    this.progress.removeAttribute("value");
    this.began = null;
    this.left.textContent = "";
    if (on) this.say(filled(this.words.working, { title }));
    this.busy();
  }

  on_progress({ share, text }) {
    this.showTimeLeft(share);
    this.progress.value = share;
    if (text) this.say(text);
  }

  // From the time since the first message of this part of the work.
  showTimeLeft(share) {
    if (!this.began || share < this.progress.value) this.began = { at: Date.now(), share };
    const minutes = ((Date.now() - this.began.at) / 60_000) * ((1 - share) / (share - this.began.share));
    this.left.textContent = Number.isFinite(minutes) && minutes > 1 ? filled(this.words.minutes_left, { n: Math.ceil(minutes) }) : "";
  }

  reportButton(report) {
    const button = make("button", { type: "button", "aria-pressed": "false", onclick: () => this.showReport(report, button) }, report.title);
    return button;
  }

  on_earlier({ reports }) {
    this.list.replaceChildren(...reports.map((report) => this.reportButton(report)));
    if (reports.length) this.nothing.textContent = this.words.earlier;
  }

  on_report(report) {
    const button = this.reportButton(report);
    this.list.prepend(button);
    this.showReport(report, button);
    this.view("results");
    this.say(this.words.done);
    this.root.querySelector("#view-results").focus();
  }

  on_show_key({ pointer }) { this.part("form"); this.form.reveal(pointer); }

  on_saved({ text }) { this.say(text); }

  on_ask({ question }) { if (confirm(`${question}\n${this.words.replace}`)) this.save(true); }

  on_say({ text }) { this.say(text); }

  on_fault({ text }) { this.say(text); this.status.classList.add("fault"); }

  say(text) { this.status.textContent = text; this.status.classList.remove("fault"); }
}

export function render({ model, el }) {
  if (el.querySelector(".studio")) return; // Panel renders again when the layout has settled
  const root = document.createElement("div");
  root.className = "studio";
  el.style.width = "100%";
  el.append(root);
  new Desk(model, root);
}
