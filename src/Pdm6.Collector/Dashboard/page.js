const period = 1000;
const chartSeconds = 120;
// An exchange is measured when its flow has been silent for two seconds.
const settleSeconds = 2;
// Rounds of probing come seldom.
const probesEvery = 5000;
let probesAtMs = 0;

// The sentence that a person wants: where does the time go?
function verdict(group) {
  const network = group.roundTripNs.p50, server = group.serverDelayNs.p50;
  if (network === null && server === null) return "no samples yet";
  if (server === null) return `a round trip takes ${time(network)}; nothing answered yet`;
  if (network === null) return `the server takes ${time(server)}; no round trip yet`;
  const share = Math.round(100 * server / (network + server));
  return share >= 50 ? `${share} % of the time is the server` : `${100 - share} % of the time is the network`;
}

function split(group) {
  const network = group.roundTripNs.p50, server = group.serverDelayNs.p50;
  if (network === null && server === null) return element("div", "split none", "no samples in this period");
  const bar = element("div", "split");
  const whole = (network ?? 0) + (server ?? 0);
  for (const [name, word, ns] of [["network", "network", network], ["server", "server", server]]) {
    if (ns === null) continue;
    const share = ns / whole;
    const part = element("span", share < 0.22 ? name + " thin" : name, share < 0.22 ? "" : `${word} ${time(ns)}`);
    part.style.flexGrow = Math.max(share, 0.004);
    part.style.flexBasis = "0";
    part.title = `${word} ${time(ns)} (median)`;
    bar.append(part);
  }
  return bar;
}

function numbers(group) {
  const head = element("tr", "", ...["", "p50", "p90", "p99", "min", "max", "samples"].map(text => {
    const cell = element("th", "", text);
    cell.scope = "col";
    return cell;
  }));
  const rows = [["network", "Network round trip", group.roundTripNs], ["server", "Server delay", group.serverDelayNs],
    ["variation", "Delay variation", group.variationNs]].map(([name, label, d]) => {
    const title = element("th", "", element("span", "key " + name, label));
    title.scope = "row";
    return element("tr", "", title,
      ...[d.p50, d.p90, d.p99, d.min, d.max].map(ns => element("td", "", time(ns))), element("td", "", count(d.samples)));
  });
  return element("table", "numbers", element("thead", "", head), element("tbody", "", ...rows));
}

function facts(group) {
  const lossBase = group.packets + Math.max(0, group.lost);
  return element("dl", "facts",
    fact("Lost packets", group.lost > 0 ? `${count(group.lost)} (${percent(group.lost, lossBase)})` : count(group.lost), group.lost > 0 ? "bad" : ""),
    fact("Packets", count(group.packets)),
    fact("Sealed", group.selected ? percent(group.sealed, group.selected) : "–"),
    ...(group.sentClear > 0 ? [fact("In clear", percent(group.sentClear, group.selected))] : []),
    fact("Hops", group.hops === null ? "–" : group.hopsMin === group.hopsMax ? String(group.hops) : `${group.hopsMin} to ${group.hopsMax}`),
    fact("Duplicated", count(group.duplicated)),
    fact("Reordered", count(group.reordered)),
    fact("GSO segments", count(group.ambiguous)),
    fact("Failed tags", count(group.authenticationFailed), group.authenticationFailed > 0 ? "bad" : ""));
}

function leftAlone(group) {
  const reasons = Object.entries(group.leftAlone).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
  if (reasons.length === 0) return "";
  return element("ul", "alone", element("li", "lead", "Left alone:"),
    ...reasons.map(([reason, n]) => element("li", "", `${reason.replaceAll("-", " ")} ${count(n)}`)));
}

function card(group, series) {
  return element("article", "",
    element("div", "title", element("h3", "", group.name), element("span", "verdict", verdict(group))),
    split(group), numbers(group), chart(series.windows, series.from, series.to, series.step), facts(group), leftAlone(group));
}

function totals(t) {
  return [
    fact("Observations", count(t.observations)), fact("Opened", count(t.opened)),
    fact("Failed tags", count(t.authenticationFailed), t.authenticationFailed ? "bad" : "good"),
    fact("Clear metrics", count(t.clear), t.clear ? "bad" : "good"),
    fact("No key", count(t.noKey), t.noKey ? "bad" : ""), fact("Wrong epoch", count(t.wrongEpoch), t.wrongEpoch ? "bad" : ""),
    fact("Malformed", count(t.malformed + t.unknownVersion), t.malformed + t.unknownVersion ? "bad" : ""),
    fact("Lost packets", count(t.lost), t.lost > 0 ? "bad" : ""),
    fact("Lost observations", count(t.ringLost + t.exportLost), t.ringLost + t.exportLost ? "bad" : "")];
}

function agentRow(agent, nowMs) {
  const mark = { live: "good", quiet: "", silent: "bad" }[agent.state];
  return element("tr", "",
    element("td", "", agent.name),
    element("td", "", element("span", "mark " + mark, `${agent.state}, ${ago(agent.lastSeenUnixNs, nowMs)}`)),
    element("td", "address", agent.addresses.slice(0, 3).join("  ") + (agent.addresses.length > 3 ? ` +${agent.addresses.length - 3}` : "")),
    element("td", "", ahead(agent.notAfterUnixNs, nowMs)),
    ...[agent.observations, agent.ringLost, agent.exportLost].map(n => element("td", "number", count(n))));
}

function end(address, port, isEcho) {
  return element("td", "address", isEcho ? address : `[${address}]:${port}`);
}

function flowRow(flow, nowMs) {
  const isEcho = flow.protocol === "icmpv6";
  return element("tr", "",
    element("td", "", `${flow.group} (${flow.protocol})`),
    end(flow.source, flow.sourcePort, isEcho), end(flow.destination, flow.destinationPort, isEcho),
    ...[count(flow.packets), count(flow.lost), time(flow.roundTripNs.mean), time(flow.serverDelayNs.mean),
      flow.hops ?? "–", ago(flow.lastSeenUnixNs, nowMs)].map(text => element("td", "number", String(text))));
}

async function get(path) {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

function say(state, text) {
  const place = document.getElementById("state");
  if (place.textContent !== text) place.textContent = text;
  place.dataset.state = state;
}

async function refresh() {
  const range = document.querySelector("input[name=range]:checked").value;
  const seconds = range ? Number(range) : chartSeconds;
  const step = Math.max(1, Math.round(seconds / chartSeconds));
  const nowMs = Date.now();
  const [groups, all, agents, flows] = await Promise.all([
    get("/v1/groups" + (range ? `?seconds=${range}` : "")), get("/v1/totals"), get("/v1/agents"), get("/v1/flows?limit=12")]);
  const series = await Promise.all(groups.map(group =>
    get(`/v1/groups/${encodeURIComponent(group.name)}/windows?seconds=${seconds}&step=${step}`)));
  const to = nowMs / 1000 - settleSeconds;
  // A chart under the pointer keeps still: someone is reading it.
  if (!document.querySelector(".plot:hover"))
    document.getElementById("groups").replaceChildren(...groups.map((group, i) =>
      card(group, { windows: series[i], from: to - seconds, to, step })));
  if (nowMs - probesAtMs >= probesEvery) await refreshProbes(range, nowMs);
  document.getElementById("empty").hidden = groups.length > 0 || !document.getElementById("probes-section").hidden;
  document.getElementById("totals").replaceChildren(...totals(all));
  document.getElementById("agents").replaceChildren(...agents.map(agent => agentRow(agent, nowMs)));
  document.getElementById("flows").replaceChildren(...flows.map(flow => flowRow(flow, nowMs)));
  document.getElementById("quantile-error").textContent = all.quantileError;
}

async function refreshProbes(range, nowMs) {
  const [pairs, rounds] = await Promise.all([
    get("/v1/probes" + (range ? `?seconds=${range}` : "")), get(`/v1/probes/rounds?seconds=${range || 86400}&limit=2000`)]);
  showProbes(pairs, rounds, nowMs);
  probesAtMs = nowMs;
}

async function live() {
  if (!document.hidden)
    try {
      await refresh();
      say("live", "live");
    } catch (trouble) {
      say("lost", "the collector does not answer");
      console.warn(trouble);
    }
  setTimeout(live, period);
}

document.getElementById("range").addEventListener("change", () => {
  probesAtMs = 0;
  refresh().catch(console.warn);
});
live();
