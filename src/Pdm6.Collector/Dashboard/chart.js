// One service over time: the median as a line, up to the 90th percentile as a band, a tick at the bottom where
// packets were lost. Gaps stay gaps.
const chartWidth = 600;
const chartHeight = 100;

function chart(windows, from, to, step) {
  const values = windows.flatMap(w => [w.roundTripNs.p90, w.serverDelayNs.p90]).filter(v => v !== null);
  const largest = Math.max(1000, ...values);
  const top = roundUp(largest * 1.05);
  const x = second => (second - from) / Math.max(1, to - from) * chartWidth;
  const y = ns => chartHeight - ns / top * chartHeight;

  const svg = shape("svg", { viewBox: `0 0 ${chartWidth} ${chartHeight}`, preserveAspectRatio: "none", role: "img" });
  svg.append(shape("line", { x1: 0, x2: chartWidth, y1: chartHeight / 2, y2: chartHeight / 2 }));
  for (const [name, member] of [["network", "roundTripNs"], ["server", "serverDelayNs"]])
    for (const run of runs(windows.filter(w => w[member].samples > 0), step)) {
      // A window alone would be a line of no length: it gets the width of its step.
      const points = run.length > 1 ? run : [run[0], { ...run[0], second: run[0].second + step / 2 }];
      const line = key => points.map(w => `${x(w.second).toFixed(1)},${y(w[member][key]).toFixed(2)}`);
      svg.append(
        shape("path", { class: `band ${name}`, d: "M" + line("p50").join("L") + "L" + line("p90").reverse().join("L") + "Z" }),
        shape("path", { class: name, d: "M" + line("p50").join("L") }));
    }
  for (const w of windows)
    if (w.lost > 0)
      svg.append(shape("line", { class: "lost", x1: x(w.second), x2: x(w.second), y1: chartHeight - 7, y2: chartHeight }));
  const cursor = shape("line", { class: "cursor", x1: -9, x2: -9, y1: 0, y2: chartHeight });
  svg.append(cursor);

  const plot = element("div", "plot", svg, element("span", "top", values.length > 0 ? time(top) : ""));
  const left = element("span", "", clock(from));
  const right = element("span", "", clock(to));
  const middle = element("span", "", "");
  plot.addEventListener("pointermove", event => {
    const box = plot.getBoundingClientRect();
    const second = from + (event.clientX - box.left) / box.width * (to - from);
    const near = nearest(windows, second);
    if (!near || Math.abs(near.second - second) > step * 2) return;
    cursor.setAttribute("x1", x(near.second));
    cursor.setAttribute("x2", x(near.second));
    middle.textContent = `${clock(near.second)}  network ${time(near.roundTripNs.p50)}, server ${time(near.serverDelayNs.p50)}`
      + (near.lost > 0 ? `, ${count(near.lost)} lost` : "");
  });
  plot.addEventListener("pointerleave", () => {
    cursor.setAttribute("x1", -9);
    cursor.setAttribute("x2", -9);
    middle.textContent = "";
  });
  return element("figure", "", plot, element("figcaption", "", left, middle, right));
}

// A round scale that does not jump with every sample.
function roundUp(ns) {
  const power = 10 ** Math.floor(Math.log10(ns));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find(m => m * power >= ns) * power;
}

function runs(windows, step) {
  const found = [];
  for (const w of windows) {
    const last = found.at(-1)?.at(-1);
    if (last && w.second - last.second <= step * 3) found.at(-1).push(w);
    else found.push([w]);
  }
  return found;
}

function nearest(windows, second) {
  return windows.reduce((best, w) =>
    !best || Math.abs(w.second - second) < Math.abs(best.second - second) ? w : best, null);
}
