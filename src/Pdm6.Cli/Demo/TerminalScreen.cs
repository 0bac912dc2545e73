using Spectre.Console;

namespace Pdm6.Cli.Demo;

/// <summary>A terminal: the table is redrawn in place.</summary>
internal sealed class TerminalScreen(IAnsiConsole console) : IDemoScreen
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    public void Say(string line) => console.WriteLine(line);

    public Task ShowWhileAsync(Func<Task<Readings>> read, DateTime end, Task done) =>
        console.Live(Draw([], "waiting for the first packets")).AutoClear(true).StartAsync(async live =>
        {
            while (!done.IsCompleted)
            {
                Readings readings = await read().ConfigureAwait(false);
                double left = Math.Max(0, (end - DateTime.UtcNow).TotalSeconds);
                live.UpdateTarget(Draw(readings.Groups, $"{readings.Totals.Opened} options opened, {left:0} s to go"));
                await Task.WhenAny(done, Task.Delay(s_interval)).ConfigureAwait(false);
            }
        });

    public void ShowFinal(Readings readings) => console.Write(Draw(readings.Groups, $"{readings.Totals.Opened} options opened"));

    private static Table Draw(IReadOnlyList<GroupReading> groups, string caption)
    {
        Table table = new Table().Border(TableBorder.Rounded).Caption(Markup.Escape(caption));
        foreach (string heading in TableText.Headings)
        {
            TableColumn column = new(Markup.Escape(heading));
            table.AddColumn(heading == TableText.Headings[0] ? column : column.RightAligned());
        }
        foreach (GroupReading group in groups)
            table.AddRow([.. TableText.Row(group).Select(Markup.Escape)]);
        return table;
    }
}
