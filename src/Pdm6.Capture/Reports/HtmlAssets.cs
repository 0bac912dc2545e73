namespace Pdm6.Capture.Reports;

/// <summary>Style and script of the page.</summary>
internal static class HtmlAssets
{
    public const string Style = """
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        main { max-width: 1280px; margin: 0 auto; padding: 24px 20px 60px; }
        h1 { font-size: 24px; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 18px; margin: 32px 0 8px; }
        .sub { color: var(--muted); margin: 4px 0 16px; }
        .problem { border-left: 4px solid var(--loss); padding: 6px 12px; background: var(--panel); }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 12px; margin: 16px 0; }
        .tile { background: var(--panel); border: 1px solid var(--line); border-top: 3px solid var(--c, var(--muted));
          border-radius: 8px; padding: 12px 14px; display: flex; flex-direction: column; gap: 2px; }
        .tile.network { --c: var(--network); } .tile.server { --c: var(--server); } .tile.loss { --c: var(--loss); }
        .tile span, .tile small { color: var(--muted); } .tile strong { font-size: 26px; font-weight: 650; }
        figure { margin: 12px 0; padding: 12px 8px 4px; background: var(--panel); border: 1px solid var(--line);
          border-radius: 8px; } figure svg { display: block; width: 100%; height: auto; }
        .wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
        table { border-collapse: collapse; width: 100%; font-size: 12.5px; }
        th, td { padding: 5px 7px; text-align: left; white-space: nowrap; border-bottom: 1px solid var(--line); }
        th { background: var(--panel); font-weight: 600; cursor: pointer; user-select: none; vertical-align: bottom;
          white-space: normal; }
        .n { text-align: right; font-variant-numeric: tabular-nums; } tbody tr:hover { background: var(--panel); }
        tbody tr:last-child td { border-bottom: 0; }
        th[data-order="1"]::after { content: " \25b2"; } th[data-order="-1"]::after { content: " \25bc"; }
        input { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
          padding: 6px 10px; margin: 0 0 10px; width: 100%; max-width: 360px; }
        """;

    /// <summary>Sorting by a click on a heading, and the filter.</summary>
    public const string Script = """
        document.querySelectorAll('th').forEach(head => head.onclick = () => {
          const column = head.cellIndex, body = head.closest('table').tBodies[0];
          const order = head.dataset.order === '-1' ? 1 : -1;
          head.parentNode.querySelectorAll('th').forEach(other => delete other.dataset.order);
          head.dataset.order = order;
          const value = row => row.cells[column].dataset.v === undefined ? row.cells[column].textContent : +row.cells[column].dataset.v;
          [...body.rows].map(row => [value(row), row])
            .sort((a, b) => order * (typeof a[0] === 'number' ? a[0] - b[0] : a[0].localeCompare(b[0])))
            .forEach(entry => body.append(entry[1]));
        });
        const filter = document.getElementById('filter'), rows = [...document.querySelectorAll('#flows tbody tr')];
        filter.oninput = () => rows.forEach(row => row.hidden = !row.textContent.toLowerCase().includes(filter.value.toLowerCase()));
        """;
}
