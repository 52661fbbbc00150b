// The form: a field for every key, made from the schema. An empty field means what is shown in grey.

const GENERAL = ["title", "question", "description", "source", "why", "what", "where", "who", "start", "days", "seed", "runs", "journal"];
const DELAY = 400; // milliseconds without a key until a typed value is set

const escaped = (key) => key.replaceAll("~", "~0").replaceAll("/", "~1");
const unescaped = (key) => key.replaceAll("~1", "/").replaceAll("~0", "~");
const dotted = (pointer) => pointer.split("/").slice(1).map(unescaped).join(".");

class Form {
  constructor(words, names, sections, send) {
    Object.assign(this, { words, names, send, values: new Map(), above: "", fields: new Map(), opened: new Set(), mistakes: new Map() });
    const general = { key: "", kind: "group", text: "", fields: GENERAL.map((key) => sections.find((one) => one.key === key)).filter(Boolean) };
    this.sections = [general, ...sections.filter((one) => !GENERAL.includes(one.key))];
    this.element = make("div", { class: "form" });
    this.build();
  }

  build() {
    this.fields.clear();
    this.element.replaceChildren(...this.sections.map((field) => this.section(field)));
  }

  section(field) {
    const pointer = field.key ? `/${field.key}` : "";
    const count = make("span", { class: "count" });
    const body = make("div", { class: "fields" });
    const summary = make("summary", {}, make("h3", {}, this.names[field.key || "general"]), " ", field.key ? make("code", {}, field.key) : "", count);
    const inSpaces = make("p", { class: "hint", hidden: true });
    const details = this.details({ class: "section" }, `section ${pointer}`, summary, body, () => {
      if (field.text) body.append(make("p", { class: "hint" }, field.text));
      if (field.key === "gates") body.append(inSpaces);
      if (field.kind === "entries") body.append(this.entries(field, pointer));
      else body.append(...field.fields.map((one) => this.field(one, `${pointer}/${escaped(one.key)}`)));
    });
    this.fields.set(`section ${pointer}`, { show: () => {
      const n = field.kind === "entries" ? this.children(pointer).length : (field.key ? this.children(pointer) : GENERAL.filter((key) => this.get(`/${key}`) !== undefined)).length;
      count.textContent = n ? n : "";
      if (field.key === "gates") this.showGatesOfSpaces(inSpaces);
    } });
    return details;
  }

  // With spaces, each has gates of its own: say where they are.
  showGatesOfSpaces(box) {
    const spaces = this.children("/spaces").filter((name) => this.children(`/spaces/${name}/gates`).length);
    const link = (name) => make("button", { type: "button", "data-space": unescaped(name), onclick: () => this.reveal(`/spaces/${name}/gates/${this.children(`/spaces/${name}/gates`)[0]}`) }, unescaped(name));
    if (spaces.join("/") !== box.dataset.spaces) box.replaceChildren(this.words.gates_in_spaces, " ", ...spaces.map(link));
    box.dataset.spaces = spaces.join("/");
    box.hidden = !spaces.length;
  }

  // A part that is built when it is first opened, and stays open when the form is built again.
  details(attributes, key, summary, body, fill) {
    const details = make("details", attributes, summary, body);
    const open = () => { if (!body.childElementCount) { fill(); this.show(); } };
    details.addEventListener("toggle", () => {
      this.opened[details.open ? "add" : "delete"](key);
      if (details.open) open();
    });
    if (this.opened.has(key)) { details.open = true; fill(); }
    details.reveal = () => { details.open = true; this.opened.add(key); open(); };
    details.dataset.part = key;
    return details;
  }

  field(field, pointer) {
    switch (field.kind) {
      case "group": return this.group(field, pointer);
      case "either": return this.either(field, pointer);
      case "entries": return make("fieldset", {}, make("legend", {}, make("code", {}, field.key)), this.hint(field), this.entries(field, pointer));
      default: return this.single(field, pointer);
    }
  }

  hint(field) { return field.text ? make("p", { class: "hint" }, field.text) : ""; }

  group(field, pointer) {
    const inside = make("div", { class: "fields" });
    const summary = make("summary", {}, make("code", {}, field.key), make("span", { class: "hint" }, field.text || ""));
    return this.details({ class: "group" }, `group ${pointer}`, summary, inside, () => inside.append(...field.fields.map((one) => this.field(one, `${pointer}/${escaped(one.key)}`))));
  }

  either(field, pointer) {
    const inside = make("div", { class: "fields" });
    const name = (option) => Object.values(option.when)[0] || option.needs[0];
    const select = make("select", { "aria-label": `${dotted(pointer)}: ${this.words.kind}`, onchange: () => this.send({ do: "set", pointer, typed: field.options[select.value]?.start ?? "", is_text: false }) },
      ...field.options.map((option, k) => make("option", { value: k }, `${name(option)} — ${option.text}`)));
    let shown = null;
    const show = () => {
      const k = Math.max(0, field.options.findIndex((option) => this.matches(option, pointer)));
      select.value = k;
      if (shown === k) return;
      shown = k;
      for (const known of [...this.fields.keys()]) if (known.startsWith(`${pointer}/`)) this.fields.delete(known);
      inside.replaceChildren(...field.options[k].fields.map((one) => this.field(one, `${pointer}/${escaped(one.key)}`)));
    };
    const summary = make("summary", {}, make("code", {}, field.key), make("span", { class: "hint" }, field.text || ""));
    const body = make("div", {});
    return this.details({ class: "group" }, `group ${pointer}`, summary, body, () => {
      body.append(make("label", { class: "kind" }, this.words.kind, " ", select), inside);
      this.fields.set(`either ${pointer}`, { show });
      show();
    });
  }

  matches(option, pointer) {
    const said = Object.entries(option.when);
    if (said.length) return said.every(([key, word]) => this.effective(`${pointer}/${key}`) === word);
    return option.needs.length > 0 && option.needs.every((key) => this.effective(`${pointer}/${escaped(key)}`) !== undefined);
  }

  entries(field, pointer) {
    const list = make("div", { class: "entries" });
    let drawn = "";
    const show = () => {
      const names = this.children(pointer);
      const kinds = names.map((name) => this.kindOf(field, `${pointer}/${name}`));
      const states = names.map((name) => [this.isOff(`${pointer}/${name}`), this.values.has(`${this.above}${pointer}/${name}`)]);
      const key = JSON.stringify([names, kinds.map((one) => one?.when), states, this.above]);
      if (key === drawn) return;
      drawn = key;
      const word = this.get(pointer);
      for (const known of [...this.fields.keys()]) if (known.includes(`${pointer}/`)) this.fields.delete(known);
      list.replaceChildren(...names.map((name, k) => this.entry(field, `${pointer}/${name}`, unescaped(name), kinds[k])));
      if (!names.length) list.append(make("p", { class: "hint" }, word && !/^(\{\}|null|~)$/.test(word) ? word : this.words.none_yet));
    };
    this.fields.set(`entries ${pointer}`, { show });
    show();
    return list;
  }

  isOff(pointer) { return ["null", "~"].includes(this.get(pointer)); }

  kindOf(field, pointer) {
    if (field.options.length === 1) return field.options[0];
    const word = this.effective(`${pointer}/${field.chooser}`);
    return field.options.find((option) => option.when[field.chooser] === word);
  }

  entry(field, pointer, name, option) {
    const { words } = this;
    const body = make("div", { class: "fields" });
    const isOff = this.isOff(pointer);
    const kind = option && Object.values(option.when)[0];
    const summary = make("summary", {}, make("b", {}, name), kind && kind !== name ? make("code", {}, kind) : "", isOff ? make("span", { class: "off" }, words.taken_away) : "");
    return this.details({ class: isOff ? "entry off" : "entry" }, `entry ${pointer}`, summary, body, () => {
      const box = make("input", { type: "text", value: name, maxlength: 100 });
      const rename = (event) => { event.preventDefault(); if (box.value.trim() && box.value.trim() !== name) { this.opened.add(`entry ${pointer.slice(0, pointer.lastIndexOf("/"))}/${escaped(box.value.trim())}`); this.send({ do: "rename", pointer, name: box.value.trim() }); } };
      const own = this.values.has(this.above + pointer);
      body.append(make("form", { class: "name", onsubmit: rename },
        own && !isOff ? make("label", {}, words.name, " ", box) : "", own && !isOff ? make("button", { type: "submit" }, words.rename) : "",
        isOff ? make("button", { type: "button", onclick: () => this.send({ do: "set", pointer, typed: "", is_text: false }) }, words.bring_back)
          : make("button", { type: "button", class: "remove", onclick: () => this.send({ do: "remove", pointer }) }, filled(words.remove, { name }))));
      if (isOff) return;
      if (!option) { body.append(make("p", { class: "hint" }, words.unknown_kind)); return; }
      if (option.text) body.append(make("p", { class: "hint" }, option.text));
      const needed = option.fields.filter((one) => one.required || this.effective(`${pointer}/${escaped(one.key)}`) !== undefined);
      const others = option.fields.filter((one) => !needed.includes(one));
      body.append(...needed.map((one) => this.field(one, `${pointer}/${escaped(one.key)}`)));
      if (others.length) {
        const rest = make("div", { class: "fields" });
        body.append(this.details({ class: "group more" }, `more ${pointer}`, make("summary", {}, filled(words.more, { n: others.length })), rest, () => rest.append(...others.map((one) => this.field(one, `${pointer}/${escaped(one.key)}`)))));
      }
    });
  }

  single(field, pointer) {
    const id = `field-${pointer}`;
    const isText = field.kind === "text" || field.kind === "long";
    let timer = null;
    const set = () => {
      clearTimeout(timer);
      if (timer === null) return;
      timer = null;
      this.pending = null;
      this.send({ do: "set", pointer, typed: box.value, is_text: isText });
    };
    const typed = (event) => { // not while an input method composes a word
      if (event.isComposing) return;
      clearTimeout(timer); timer = setTimeout(set, DELAY);
      this.pending = set;
    };
    const shared = { id, "data-pointer": pointer, "aria-describedby": `${id}-hint ${id}-wrong`, onchange: () => { if (box.value !== (this.get(pointer) ?? "")) timer ??= 0; set(); } };
    let box;
    if (field.kind === "choice") box = make("select", shared, make("option", { value: "" }), ...field.words.map((word) => make("option", { value: word }, word)));
    else if (field.kind === "long") box = make("textarea", { ...shared, rows: 2, oninput: typed, oncompositionend: typed });
    else box = make("input", { ...shared, type: "text", autocomplete: "off", inputmode: field.low !== undefined && !field.words?.length ? "decimal" : "text", oninput: typed, oncompositionend: typed });
    const wrong = make("p", { class: "wrong", id: `${id}-wrong` });
    const facts = [range(field), field.unit, field.words?.length && field.kind !== "choice" ? field.words.join(" / ") : "", field.source ? filled(this.words.source, { source: field.source }) : ""].filter(Boolean);
    const hint = make("p", { class: "hint", id: `${id}-hint` }, field.text, facts.length ? make("span", { class: "facts" }, facts.join(" · ")) : "");
    const label = make("label", { for: id }, make("code", {}, field.key), field.required ? make("span", { class: "required" }, this.words.required) : "");
    this.fields.set(pointer, { box, show: () => {
      const given = this.get(pointer);
      const base = this.above ? this.values.get(pointer) ?? field.default : field.default;
      if (box.getRootNode().activeElement !== box) this.put(box, given ?? "");
      if (field.kind === "choice") box.options[0].textContent = base === undefined ? "—" : filled(this.words.default, { value: base });
      else box.placeholder = base ?? "";
      const text = this.mistakes.get(this.above + pointer) ?? this.mistakes.get(pointer) ?? "";
      wrong.textContent = text;
      box.setAttribute("aria-invalid", text ? "true" : "false");
    } });
    return make("div", { class: "field" }, label, box, hint, wrong);
  }

  put(box, value) {
    if (box.tagName === "SELECT" && ![...box.options].some((option) => option.value === value)) box.append(make("option", { value }, value));
    if (box.value !== value) box.value = value;
  }

  flush() { this.pending?.(); } // before any other message, so that nothing typed is lost

  get(pointer) { return this.values.get(this.above + pointer); }

  effective(pointer) { return this.values.get(this.above + pointer) ?? this.values.get(pointer); }

  children(pointer) {
    const names = new Set();
    for (const above of this.above ? ["", this.above] : [""]) {
      const start = `${above}${pointer}/`;
      for (const key of this.values.keys()) if (key.startsWith(start) && !key.includes("/", start.length)) names.add(key.slice(start.length));
    }
    return [...names];
  }

  update(values, variant, mistakes) {
    this.values = new Map(values);
    this.mistakes = new Map(mistakes.map((one) => [one.pointer, one.message]));
    const above = variant ? `/variants/${escaped(variant)}` : "";
    if (above !== this.above) { this.above = above; this.build(); }
    this.show();
  }

  show() {
    for (const key of [...this.fields.keys()].sort((a, b) => isList(b) - isList(a))) this.fields.get(key)?.show();
  }

  // Open what holds a key, and go there.
  reveal(pointer) {
    const inVariant = pointer.startsWith(`${this.above}/`) && this.above ? pointer.slice(this.above.length) : pointer;
    const keys = inVariant.split("/").slice(1);
    const top = GENERAL.includes(keys[0]) ? "" : `/${keys[0]}`;
    const open = (part) => this.element.querySelector(`[data-part="${CSS.escape(part)}"]`)?.reveal?.();
    open(`section ${top}`);
    for (let k = 1; k <= keys.length; k++) {
      const at = `/${keys.slice(0, k).join("/")}`;
      open(`entry ${at}`);
      if (k < keys.length && !this.fields.has(inVariant)) open(`more ${at}`);
      open(`group ${at}`);
    }
    const target = this.fields.get(inVariant)?.box ?? this.element.querySelector(`[data-part="${CSS.escape(`entry ${inVariant}`)}"] summary, [data-part="${CSS.escape(`section ${top}`)}"] summary`);
    target?.scrollIntoView({ block: "center" });
    target?.focus();
  }
}

const isList = (key) => key.startsWith("entries ") || key.startsWith("either ");

function range({ low, high }) {
  const isSmall = (number) => number !== undefined && Math.abs(number) < 1e9;
  if (isSmall(low) && isSmall(high)) return `${low}–${high.toLocaleString("en")}`;
  return isSmall(low) ? `≥ ${low}` : "";
}
