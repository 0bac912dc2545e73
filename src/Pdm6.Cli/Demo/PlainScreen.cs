namespace Pdm6.Cli.Demo;

/// <summary>Plain lines, for output that is no terminal: nothing moves, nothing is coloured.</summary>
internal sealed class PlainScreen(TextWriter output, TimeSpan interval) : IDemoScreen
{
    internal static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(5);

    public void Say(string line)
    {
        output.WriteLine(line);
        output.Flush();
    }

    public async Task ShowWhileAsync(Func<Task<Readings>> read, DateTime end, Task done)
    {
        while (await Task.WhenAny(done, Task.Delay(interval)).ConfigureAwait(false) != done)
        {
            Readings readings = await read().ConfigureAwait(false);
            Say($"{Math.Max(0, (end - DateTime.UtcNow).TotalSeconds):0} s to go, {readings.Totals.Opened} options opened");
            WriteTable(readings);
        }
    }

    public void ShowFinal(Readings readings)
    {
        Say("");
        WriteTable(readings);
        Say("");
    }

    private void WriteTable(Readings readings)
    {
        List<IReadOnlyList<string>> lines = [TableText.Headings, .. readings.Groups.Select(TableText.Row)];
        int[] widths = [.. Enumerable.Range(0, TableText.Headings.Count).Select(column => lines.Max(line => line[column].Length))];
        foreach (IReadOnlyList<string> line in lines)
            Say("  " + string.Join("  ", line.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))));
    }
}
