// A community as dots on a canvas: members, their quality and activity; a click or a key selects a member.

function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

const AWAY = 9, GONE = 10, GONE_LEVELS = 5;
const BACKGROUND = "#12161f", CHOSEN = "#ffffff";

class Network {
  constructor(canvas, palette, choose) {
    this.canvas = canvas;
    this.palette = palette;
    this.choose = choose;
    this.x = this.y = new Float32Array(0);
    this.colour = this.looks = new Uint8Array(0);
    this.pairs = new Uint16Array(0);
    this.ties = document.createElement("canvas");
    this.chosen = -1;
    canvas.addEventListener("click", (event) => this.click(event));
    canvas.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  resize() {
    const width = Math.round(this.canvas.clientWidth * devicePixelRatio);
    if (width === 0 || width === this.canvas.width) return;
    for (const layer of [this.canvas, this.ties]) layer.width = layer.height = width;
    this.drawTies();
    this.draw();
  }

  // Pixel coordinates of a person's position on the unit disc.
  at(person) {
    const half = this.canvas.width / 2;
    return [half + 0.94 * half * this.x[person], half - 0.94 * half * this.y[person]];
  }

  setCrowd(crowd) {
    const places = new Int16Array(bytesOf(crowd.at).buffer);
    const people = places.length / 2;
    this.x = Float32Array.from(places.subarray(0, people), (v) => v / 32767);
    this.y = Float32Array.from(places.subarray(people), (v) => v / 32767);
    const levels = this.palette.length;
    this.colour = bytesOf(crowd.quality).map((v) => Math.min(levels - 1, Math.floor((v * levels) / 256)));
    this.pairs = new Uint16Array(0);
    this.drawTies();
  }

  setTies(text) {
    this.pairs = new Uint16Array(bytesOf(text).buffer);
    this.drawTies();
  }

  setLooks(text) {
    this.looks = bytesOf(text);
  }

  drawTies() {
    const pen = this.ties.getContext("2d");
    pen.fillStyle = BACKGROUND;
    pen.fillRect(0, 0, this.ties.width, this.ties.height);
    // the more ties, the fainter, so that they do not hide the people
    pen.strokeStyle = `rgba(160, 175, 200, ${Math.min(0.3, 8 / Math.sqrt(1 + this.pairs.length))})`;
    pen.lineWidth = Math.max(1, this.ties.width / 700);
    pen.beginPath();
    for (let k = 0; k + 1 < this.pairs.length; k += 2) {
      pen.moveTo(...this.at(this.pairs[k]));
      pen.lineTo(...this.at(this.pairs[k + 1]));
    }
    pen.stroke();
  }

  radius(look) {
    const unit = this.canvas.width / 420;
    return unit * (look === AWAY || look >= GONE ? 1.6 : 1.3 + 0.55 * look);
  }

  draw() {
    const pen = this.canvas.getContext("2d");
    if (this.canvas.width === 0) return;
    pen.drawImage(this.ties, 0, 0);
    const inside = this.palette.map(() => []), away = this.palette.map(() => []), gone = [];
    for (let person = 0; person < this.looks.length; person++) {
      const look = this.looks[person];
      if (look >= GONE) gone.push(person);
      else if (look === AWAY) away[this.colour[person]].push(person);
      else if (look > 0) inside[this.colour[person]].push(person);
    }
    // one path per colour: filling each dot by itself would take ten times as long
    const fill = (crowd, colour, alpha) => {
      pen.globalAlpha = alpha;
      pen.fillStyle = colour;
      pen.beginPath();
      for (const person of crowd) {
        const [x, y] = this.at(person), r = this.radius(this.looks[person]);
        pen.moveTo(x + r, y);
        pen.arc(x, y, r, 0, 2 * Math.PI);
      }
      pen.fill();
    };
    this.palette.forEach((colour, level) => fill(away[level], colour, 0.45));
    this.palette.forEach((colour, level) => fill(inside[level], colour, 0.95));
    pen.lineWidth = this.canvas.width / 420;
    for (const person of gone) {
      pen.globalAlpha = 0.9 * (1 - (this.looks[person] - GONE) / GONE_LEVELS);
      this.ring(pen, person, this.palette[this.colour[person]], 2.2);
    }
    pen.globalAlpha = 1;
    if (this.chosen >= 0 && this.chosen < this.x.length) this.ring(pen, this.chosen, CHOSEN, 6);
  }

  ring(pen, person, colour, size) {
    const [x, y] = this.at(person);
    pen.strokeStyle = colour;
    pen.beginPath();
    pen.arc(x, y, (size * this.canvas.width) / 420, 0, 2 * Math.PI);
    pen.stroke();
  }

  click(event) {
    const scale = this.canvas.width / this.canvas.clientWidth;
    const x = event.offsetX * scale, y = event.offsetY * scale;
    let nearest = -1, least = (14 * scale) ** 2;
    this.looks.forEach((look, person) => {
      if (look === 0) return;
      const [px, py] = this.at(person), far = (px - x) ** 2 + (py - y) ** 2;
      if (far < least) [nearest, least] = [person, far];
    });
    if (nearest < 0) return;
    this.mark(nearest);
    this.choose(nearest, true);
  }

  // Arrow keys move through the visible people, Enter shows the story.
  key(event) {
    const forward = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (forward) {
      const people = this.looks.length;
      for (let k = 1; k <= people; k++) {
        const person = (this.chosen + forward * k + people * 2) % people;
        if (this.looks[person] > 0) {
          this.mark(person);
          this.choose(person, false);
          break;
        }
      }
    } else if (event.key === "Enter" && this.chosen >= 0) this.choose(this.chosen, true);
    else return;
    event.preventDefault();
  }

  mark(person) {
    this.chosen = person;
    this.draw();
  }
}
