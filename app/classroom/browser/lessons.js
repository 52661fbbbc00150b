// The lessons: the question, the visitor's guess, then the observations.

class Lessons {
  constructor(words, lessons, send) {
    this.words = words;
    this.send = send;
    this.tabs = [{ name: "", title: words.free }, ...lessons].map(({ name, title }, k) =>
      make("button", { type: "button", "aria-pressed": "false", "data-lesson": name, onclick: () => send({ do: "choose", lesson: name }) },
        k ? `${k}. ${title}` : title));
    this.card = make("section", { class: "card", hidden: true });
    this.element = make("div", { class: "tabs", role: "group", "aria-label": words.lessons }, ...this.tabs);
  }

  setBusy(busy) { for (const tab of this.tabs) tab.disabled = busy; }

  show({ lesson, guess, notices }) {
    const words = this.words, name = lesson ? lesson.name : "";
    for (const tab of this.tabs) tab.setAttribute("aria-pressed", String(tab.dataset.lesson === name));
    this.card.replaceChildren();
    this.card.hidden = !lesson;
    this.card.classList.toggle("guessed", guess !== null);
    this.answered = notices.length > 0;
    if (!lesson) return;
    this.card.setAttribute("aria-label", lesson.title);
    this.card.append(make("h2", {}, lesson.title), make("p", { class: "question" }, lesson.question));
    if (guess === null) this.card.append(this.form(lesson));
    else {
      this.card.append(make("p", { class: "guess" }, filled(words.guessed, { answer: lesson.answers[guess] })));
      if (!this.answered) this.card.append(make("p", {}, lesson.look));
      this.card.append(make("h3", {}, words.notice));
      this.card.append(
        notices.length
          ? make("ul", { class: "notices" }, ...notices.map((text) => make("li", {}, text)))
          : make("p", { class: "unfinished" }, words.unfinished),
      );
    }
  }

  form(lesson) {
    const button = make("button", { type: "submit", class: "main", disabled: true }, this.words.commit);
    const choices = lesson.answers.map((answer, k) => {
      const radio = make("input", { type: "radio", name: "guess", value: k, onchange: () => button.removeAttribute("disabled") });
      return make("label", {}, radio, answer);
    });
    const commit = (event) => {
      event.preventDefault();
      const chosen = event.target.querySelector("input:checked");
      if (chosen) this.send({ do: "guess", answer: Number(chosen.value) });
    };
    return make("form", { onsubmit: commit }, make("fieldset", {}, make("legend", {}, this.words.guess), ...choices), button);
  }
}
