namespace Pdm6.Bench;

/// <summary>Rows under headings, in Markdown: readable as they are, and ready for a README.</summary>
internal sealed class Table(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print(string title)
    {
        int[] widths = [.. Enumerable.Range(0, headings.Length).Select(column => _rows.Max(row => row[column].Length))];
        Console.WriteLine($"\n{title}\n");
        for (int i = 0; i < _rows.Count; i++)
        {
            Console.WriteLine(Line(_rows[i].Select((cell, column) =>
                column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
            if (i == 0)
                Console.WriteLine(Line(widths.Select((width, column) =>
                    column == 0 ? new string('-', width) : new string('-', width - 1) + ":")));
        }
    }

    /// <summary>Three significant digits.</summary>
    public static string Number(double value) => value switch
    {
        >= 100 => value.ToString("#,0"),
        >= 10 => value.ToString("0.0"),
        _ => value.ToString("0.00"),
    };

    /// <summary>The median, and between which values the middle half lies.</summary>
    public static string Ratio(Spread spread) =>
        $"{Number(spread.Median)} ({Number(spread.LowerQuartile)}..{Number(spread.UpperQuartile)})";

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
