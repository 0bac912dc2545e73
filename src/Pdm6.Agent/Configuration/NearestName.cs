namespace Pdm6.Agent.Configuration;

/// <summary>Finds what somebody probably meant.</summary>
internal static class NearestName
{
    /// <summary>The candidate that begins with the text, else the one with the smallest edit distance (insert, delete,
    /// replace a letter). Case is ignored.</summary>
    internal static string Of(string text, IReadOnlyList<string> candidates) =>
        candidates.MinBy(candidate => candidate.StartsWith(text, StringComparison.OrdinalIgnoreCase)
            ? 0
            : Distance(text.ToLowerInvariant(), candidate.ToLowerInvariant()))!;

    internal static int Distance(string a, string b)
    {
        // row[j]: distance between what was seen of a and the first j letters of b
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }
}
