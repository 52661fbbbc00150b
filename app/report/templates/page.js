"use strict";
// Charts are drawn when they scroll near the viewport; a table is decompressed when it is downloaded.

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
  const pending = new Map(); // promises by name
  const views = new Map(); // Bokeh views by name

  async function draw(name) {
    const block = blocks.get(name);
    if (!block || pending.has(name)) return pending.get(name);
    const promise = Bokeh.embed.embed_item(JSON.parse(block.textContent)).then((manager) => {
      document.getElementById(name).style.minHeight = "";
      views.set(name, manager.roots[0]);
    });
    pending.set(name, promise);
    return promise;
  }

  if ("IntersectionObserver" in window) {
    const watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) { watcher.unobserve(entry.target); draw(entry.target.id); }
      }
    }, { rootMargin: "800px" });
    for (const name of blocks.keys()) watcher.observe(document.getElementById(name));
  }
  // the remaining charts are drawn in idle time, so that they can be printed
  const idle = window.requestIdleCallback || ((f) => setTimeout(f, 50));
  const rest = [...blocks.keys()];
  (function next() {
    const name = rest.shift();
    if (name !== undefined) idle(async () => { await draw(name); next(); });
    else document.documentElement.dataset.drawn = "yes";
  })();

  // On paper a chart has another width, so an image of it is printed.
  window.addEventListener("beforeprint", () => {
    for (const [name, root] of views) {
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
