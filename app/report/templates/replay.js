"use strict";
// The network day by day: dots are members, lines connect those in touch, departing members rise and fade.

(() => {
  const FADE_IN = 3, FADE_OUT = 12; // days
  const TYPES = {
    place: Int16Array, quality: Uint8Array, who: Uint16Array, begin: Float32Array, end: Float32Array,
    activity: Uint8Array, role: Uint8Array, a: Uint16Array, b: Uint16Array, first: Float32Array, last: Float32Array,
    members: Float32Array, temperature: Float32Array, active: Float32Array,
  };

  async function start(figure) {
    const data = JSON.parse(figure.querySelector("script.content").textContent);
    const status = figure.querySelector(".status");
    if (!("DecompressionStream" in window)) { status.textContent = data.words.failed; return; }
    const net = {};
    await Promise.all(Object.keys(TYPES).map(async (name) => {
      net[name] = new TYPES[name](await shequn.unpack(data[name]));
    }));
    const stories = JSON.parse(new TextDecoder().decode(await shequn.unpack(data.stories)));
    const RINGS = [null, "#111", "#d55e00"]; // by role: member, founder, staff
    let chosen = -1; // the member whose story is shown
    let spots = []; // where members are drawn: person, x, y (canvas pixels), radius
    const colours = data.palette, top = colours.length - 1;
    const colour = Array.from(net.quality, (q) => colours[Math.round(q / 255 * top)]);
    // an edge is drawn while both ends are members; the stays of a person are adjacent in `who`
    const stays = Array.from({ length: data.people }, () => []);
    net.who.forEach((who, i) => stays[who].push([net.begin[i], net.end[i]]));

    function shown(person, t) { // visibility (0 … 1), and days since departure (−1 for members)
      let visible = 0, gone = -1;
      for (const [begin, end] of stays[person]) {
        if (t < begin) break;
        if (t < end) return [begin === 0 ? 1 : Math.min(1, (t - begin) / FADE_IN + 0.15), -1];
        visible = Math.max(0, 1 - (t - end) / FADE_OUT);
        gone = t - end;
      }
      return [visible, gone];
    }

    function liveliness(person, t) { // visits and posts a week, interpolated between time bins
      const at = Math.max(0, Math.min(data.bins - 1.001, t / data.width - 0.5)), low = Math.floor(at);
      const row = person * data.bins, part = at - low;
      const next = Math.min(low + 1, data.bins - 1);
      return net.activity[row + low] * (1 - part) + net.activity[row + next] * part;
    }

    function paint(canvas, t, small) {
      const scale = window.devicePixelRatio || 1;
      const box = canvas.getBoundingClientRect();
      const width = Math.max(1, Math.round((box.width || 300) * scale));
      const height = Math.max(1, Math.round((box.height || 300) * scale));
      if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
      const g = canvas.getContext("2d");
      g.clearRect(0, 0, width, height);
      if (!small) spots = [];
      const margin = (small ? 4 : 16) * scale;
      const rx = width / 2 - margin, ry = height / 2 - margin;
      const unit = Math.min(rx, ry) / Math.sqrt(Math.max(data.people, 60)) * (small ? 0.62 : 0.5);
      const x = (p) => width / 2 + net.place[2 * p] / 32000 * rx;
      const y = (p) => height / 2 + net.place[2 * p + 1] / 32000 * ry;
      const inside = new Uint8Array(data.people), visible = new Float32Array(data.people), gone = new Float32Array(data.people);
      for (let p = 0; p < data.people; p++) {
        const [v, since] = shown(p, t);
        visible[p] = v; gone[p] = since; inside[p] = v > 0 && since < 0 ? 1 : 0;
      }
      g.strokeStyle = "#3e4c59";
      g.lineWidth = Math.max(0.5, (small ? 0.35 : 0.6) * scale);
      g.globalAlpha = small ? 0.12 : 0.16;
      g.beginPath();
      for (let e = 0; e < net.a.length; e++) {
        const a = net.a[e], b = net.b[e];
        if (net.first[e] <= t && t <= net.last[e] + data.recent && inside[a] && inside[b]) {
          g.moveTo(x(a), y(a)); g.lineTo(x(b), y(b));
        }
      }
      g.stroke();
      g.lineWidth = 0.7 * scale;
      g.strokeStyle = "#52606d";
      for (let p = 0; p < data.people; p++) {
        if (visible[p] <= 0) continue;
        const lively = gone[p] >= 0 ? 0 : liveliness(p, t);
        const r = unit * (0.55 + 0.62 * Math.sqrt(Math.min(lively, 40)));
        const rise = gone[p] >= 0 ? gone[p] / FADE_OUT * height * 0.09 : 0;
        g.globalAlpha = gone[p] >= 0 ? 0.8 * visible[p] : visible[p] * (lively > 0.2 ? 1 : 0.55);
        g.fillStyle = colour[p];
        g.beginPath();
        g.arc(x(p), y(p) - rise, Math.max(r, 0.8 * scale), 0, 6.2832);
        g.fill();
        if (!small) {
          g.stroke();
          spots.push([p, x(p), y(p) - rise, r]);
          const ring = p === chosen ? "#009e73" : RINGS[net.role[p]];
          if (ring) {
            g.strokeStyle = ring; g.lineWidth = (p === chosen ? 3.5 : 1.8) * scale;
            g.beginPath(); g.arc(x(p), y(p) - rise, Math.max(r, 0.8 * scale) + 1.6 * scale, 0, 6.2832); g.stroke();
            g.strokeStyle = "#52606d"; g.lineWidth = 0.7 * scale;
          }
        }
      }
      g.globalAlpha = 1;
    }

    const stage = figure.querySelector(".stage"), scrub = figure.querySelector(".scrub");
    const play = figure.querySelector(".play"), speed = figure.querySelector(".speed");
    scrub.max = data.days;
    figure.querySelector(".ramp").style.background = `linear-gradient(90deg, ${colours.join(",")})`;
    const ruler = figure.querySelector(".ruler");
    for (const [day, text] of data.ruler) {
      const mark = document.createElement("span");
      mark.textContent = text;
      mark.style.left = `${100 * day / data.days}%`;
      ruler.append(mark);
    }
    ruler.hidden = !data.ruler.length;

    let now = 0, playing = false, before = 0;
    const whole = (n) => Math.round(n).toLocaleString("en-US");
    function show(t) {
      now = Math.max(0, Math.min(data.days, t));
      scrub.value = now;
      const day = Math.floor(now);
      const label = data.words.day.replace("{day}", day) + (data.dates[day] ? ` (${data.dates[day]})` : "");
      const heat = net.temperature[day];
      const latest = data.marks.filter(([d]) => d <= now && now < d + 14).map(([, words]) => words);
      status.textContent = `${label}: ` + data.words.status
        .replace("{members}", whole(net.members[day])).replace("{active}", whole(net.active[day]))
        .replace("{temperature}", Number.isNaN(heat) ? "–" : heat.toFixed(2)) + (latest.length ? ` · ${latest.join(" · ")}` : "");
      scrub.setAttribute("aria-valuetext", status.textContent);
      who.hidden = true; // the dots move
      paint(stage, now, false);
      figure.dataset.shown = day;
    }
    function stop() { playing = false; play.textContent = data.words.play; play.setAttribute("aria-pressed", "false"); }
    function tick(instant) {
      if (!playing) return;
      const passed = before ? Math.min(0.25, (instant - before) / 1000) : 0;
      before = instant;
      show(now + passed * Number(speed.value));
      if (now >= data.days) stop(); else requestAnimationFrame(tick);
    }
    play.addEventListener("click", () => {
      if (playing) { stop(); return; }
      if (now >= data.days) now = 0;
      playing = true; before = 0;
      play.textContent = data.words.pause; play.setAttribute("aria-pressed", "true");
      requestAnimationFrame(tick);
    });
    scrub.addEventListener("input", () => { stop(); show(Number(scrub.value)); });

    const who = figure.querySelector(".who"), story = figure.querySelector(".story");
    function nearest(event) { // the member under the pointer, or null
      const box = stage.getBoundingClientRect(), scale = stage.width / box.width;
      const px = (event.clientX - box.left) * scale, py = (event.clientY - box.top) * scale;
      let best = null, least = Infinity;
      for (const spot of spots) {
        const away = Math.hypot(spot[1] - px, spot[2] - py) - spot[3];
        if (away < least) { least = away; best = spot; }
      }
      return least < 8 * scale ? best : null;
    }
    function label(spot) {
      who.hidden = !spot;
      if (!spot) return;
      const scale = stage.width / stage.getBoundingClientRect().width;
      who.textContent = stories[spot[0]][0];
      who.style.left = `${spot[1] / scale}px`; who.style.top = `${spot[2] / scale}px`;
    }
    function choose(person) {
      chosen = person;
      story.textContent = stories[person].join(" ");
      figure.dataset.chosen = person;
      show(now);
    }
    stage.addEventListener("pointermove", (event) => label(nearest(event)));
    stage.addEventListener("pointerleave", () => label(null));
    stage.addEventListener("click", (event) => { const spot = nearest(event); if (spot) { choose(spot[0]); label(spot); } });
    stage.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step || !spots.length) return;
      event.preventDefault();
      const at = spots.findIndex(([person]) => person === chosen);
      const next = spots[(at + step + spots.length) % spots.length] || spots[0];
      choose(next[0]); label(next);
    });

    const moments = figure.querySelector(".moments");
    const pictures = [0, 1 / 3, 2 / 3, 1].map((part) => {
      const day = Math.round(part * data.days);
      const button = document.createElement("button"), picture = document.createElement("canvas");
      button.type = "button";
      button.append(picture, data.words.day.replace("{day}", day));
      button.addEventListener("click", () => { stop(); show(day); });
      moments.append(button);
      return [picture, day];
    });
    function repaint() { show(now); for (const [picture, day] of pictures) paint(picture, day, true); }
    new ResizeObserver(repaint).observe(stage);
    show(Math.round(data.days / 3));
    repaint();
    figure.dataset.ready = "yes";
  }

  for (const figure of document.querySelectorAll("figure.replay")) start(figure);
})();
