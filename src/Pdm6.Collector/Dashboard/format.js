// Numbers for people. Nanoseconds come in, three significant digits go out.
function time(ns) {
  if (ns === null || ns === undefined) return "–";
  const units = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"]];
  for (const [size, unit] of units)
    if (Math.abs(ns) >= size) return significant(ns / size) + " " + unit;
  return Math.round(ns) + " ns";
}

function significant(value) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}

function count(value) {
  return value.toLocaleString("en-US").replaceAll(",", "\u202f");
}

function percent(part, whole) {
  if (!whole) return "–";
  const share = 100 * part / whole;
  if (part === 0) return "0 %";
  if (part === whole) return "100 %";
  // Neither a little loss nor a little gap may be rounded away.
  if (share < 0.01) return "< 0.01 %";
  return (share > 99.9 ? Math.floor(share * 100) / 100 : significant(share)) + " %";
}

function ago(unixNs, nowMs) {
  const seconds = Math.max(0, nowMs / 1000 - unixNs / 1e9);
  if (seconds < 1.5) return "now";
  if (seconds < 90) return Math.round(seconds) + " s ago";
  if (seconds < 5400) return Math.round(seconds / 60) + " min ago";
  return Math.round(seconds / 3600) + " h ago";
}

function ahead(unixNs, nowMs) {
  const seconds = unixNs / 1e9 - nowMs / 1000;
  if (seconds <= 0) return "expired";
  if (seconds < 90) return "in " + Math.round(seconds) + " s";
  if (seconds < 5400) return "in " + Math.round(seconds / 60) + " min";
  return "in " + Math.round(seconds / 3600) + " h";
}

function clock(unixSeconds) {
  return new Date(unixSeconds * 1000).toLocaleTimeString("en-GB");
}

// Elements. Text goes in as text only, so that no name of a host or a rule can become markup.
function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function fact(label, value, className) {
  return element("div", "", element("dt", "", label), element("dd", className, value));
}
