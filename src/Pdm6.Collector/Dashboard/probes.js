// What probers reported: a row for each prober and target.
const sparkWidth = 180;
const sparkHeight = 26;
const sparkRounds = 60;
const mostProbeRows = 50;

// The rounds of one pair, oldest first: the median as a line, up to the 90th percentile as a band, a tick where nothing
// was answered.
function spark(rounds) {
  const svg = shape("svg", { viewBox: `0 0 ${sparkWidth} ${sparkHeight}`, class: "spark", role: "img" });
  const answered = rounds.map((r, i) => [i, r.numbers.roundTripNs]).filter(([, d]) => d.samples > 0);
  const top = Math.max(1, ...answered.map(([, d]) => d.p90)) * 1.1;
  const x = i => ((i + 0.5) / rounds.length * sparkWidth).toFixed(1);
  const y = ns => (sparkHeight - 1 - ns / top * (sparkHeight - 2)).toFixed(1);
  const line = key => answered.map(([i, d]) => `${x(i)},${y(d[key])}`);
  if (answered.length > 1)
    svg.append(
      shape("path", { class: "band", d: "M" + line("p50").join("L") + "L" + line("p90").reverse().join("L") + "Z" }),
      shape("path", { d: "M" + line("p50").join("L") }));
  else for (const [i, d] of answered) svg.append(shape("circle", { cx: x(i), cy: y(d.p50), r: 1.5 }));
  rounds.forEach((r, i) => {
    if (r.numbers.received < r.numbers.sent)
      svg.append(shape("line", { class: "lost", x1: x(i), x2: x(i), y1: sparkHeight - (r.numbers.received ? 6 : sparkHeight), y2: sparkHeight }));
  });
  const said = answered.length > 0 ? `medians ${time(Math.min(...answered.map(([, d]) => d.p50)))} to ${time(Math.max(...answered.map(([, d]) => d.p50)))}` : "none answered";
  svg.setAttribute("aria-label", `the latest ${rounds.length} rounds: ${said}`);
  return svg;
}

function lostShare(direction) {
  return direction.lost === null || !direction.sent ? "?" : percent(direction.lost, direction.sent);
}

function probeRow(pair, rounds, nowMs) {
  const all = pair.all;
  const unanswered = all.sent - all.received;
  const cell = (text, isBad) => element("td", isBad ? "number bad" : "number", text);
  const target = element("td", "", pair.target);
  if (pair.address !== pair.target) target.append(element("span", "address under", pair.address));
  return element("tr", "",
    element("td", "", pair.prober), target, element("td", "", spark(rounds)),
    cell(time(all.roundTripNs.p50)), cell(time(all.roundTripNs.p99)),
    cell(percent(unanswered, all.sent), unanswered > 0),
    cell(`${lostShare(all.there)} / ${lostShare(all.back)}`, all.there.lost > 0 || all.back.lost > 0),
    cell(count(all.sent)), cell(count(pair.rounds)), cell(ago(pair.receivedUnixNs, nowMs)));
}

function showProbes(pairs, rounds, nowMs) {
  const key = r => JSON.stringify([r.prober, r.target, r.address]);
  const byPair = Map.groupBy(rounds, key); // newest first
  document.getElementById("probes-section").hidden = pairs.length === 0;
  document.getElementById("probes").replaceChildren(...pairs.slice(0, mostProbeRows).map(pair =>
    probeRow(pair, (byPair.get(key(pair)) ?? []).slice(0, sparkRounds).reverse(), nowMs)));
  const more = document.getElementById("probes-more");
  more.hidden = pairs.length <= mostProbeRows;
  more.textContent = `${count(pairs.length - mostProbeRows)} more at /v1/probes`;
}
