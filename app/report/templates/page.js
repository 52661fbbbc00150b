"use strict";
// Charts are drawn when they come near the window; a table is unpacked when it is asked for.

window.shequn = {
  async unpack(base64) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer();
  },
};

(() => {
  const blocks = new Map();
  for (const block of document.querySelectorAll("script[data-chart]")) {
    blocks.set(block.dataset.chart, block);
  }
  const views = new Map(); // promises
  const drawn = new Map(); // views

  async function draw(name) {
    const block = blocks.get(name);
    if (!block || views.has(name)) return views.get(name);
    const made = Bokeh.embed.embed_item(JSON.parse(block.textContent)).then((found) => {
      document.getElementById(name).style.minHeight = "";
      drawn.set(name, found.roots[0]);
    });
    views.set(name, made);
    return made;
  }

  if ("IntersectionObserver" in window) {
    const watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) { watcher.unobserve(entry.target); draw(entry.target.id); }
      }
    }, { rootMargin: "800px" });
    for (const name of blocks.keys()) watcher.observe(document.getElementById(name));
  }
  // whatever the reader does not come to is drawn in idle time, so that printing finds it
  const idle = window.requestIdleCallback || ((f) => setTimeout(f, 50));
  const rest = [...blocks.keys()];
  (function next() {
    const name = rest.shift();
    if (name !== undefined) idle(async () => { await draw(name); next(); });
    else document.documentElement.dataset.drawn = "yes";
  })();

  // On paper a chart has another width: what is printed is a picture of it.
  window.addEventListener("beforeprint", () => {
    for (const [name, root] of drawn) {
      const holder = document.getElementById(name);
      let picture = holder.parentElement.querySelector("img.print");
      if (!picture) {
        picture = document.createElement("img");
        picture.className = "print";
        picture.alt = holder.getAttribute("aria-label");
        holder.after(picture);
      }
      picture.src = root.export("png", true).canvas.toDataURL();
    }
  });

  for (const button of document.querySelectorAll("button.csv")) {
    button.addEventListener("click", async () => {
      let name = button.dataset.name, content;
      if ("DecompressionStream" in window) {
        content = new Blob([await shequn.unpack(button.dataset.gz)], { type: "text/csv;charset=utf-8" });
      } else {
        name += ".gz";
        content = new Blob([Uint8Array.from(atob(button.dataset.gz), (c) => c.charCodeAt(0))], { type: "application/gzip" });
      }
      const link = document.createElement("a");
      link.href = URL.createObjectURL(content);
      link.download = name;
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  }
})();
