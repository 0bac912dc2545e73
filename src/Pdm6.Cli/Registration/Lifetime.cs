using System.Globalization;

namespace Pdm6.Cli.Registration;

/// <summary>Spans of time as people write them: 90s, 30m, 1h, 7d.</summary>
internal static class Lifetime
{
    internal static TimeSpan Parse(string option, string text) =>
        text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? text[^1] switch
            {
                's' => TimeSpan.FromSeconds(number),
                'm' => TimeSpan.FromMinutes(number),
                'h' => TimeSpan.FromHours(number),
                'd' => TimeSpan.FromDays(Math.Min(number, 10_000)),
                _ => throw Wrong(option, text),
            }
            : throw Wrong(option, text);

    private static WrongUseException Wrong(string option, string text) =>
        new($"{option} '{text}' is not a time: write a whole number and s, m, h or d, as in 1h.");
}
