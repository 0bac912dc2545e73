using System.CommandLine.Parsing;

namespace Pdm6.Cli;

/// <summary>What a command line got wrong, in one line and in the user's words instead of the compiler's.</summary>
internal static class UsageErrors
{
    internal static string InOneLine(ParseError error)
    {
        OptionResult? option = error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;
        if (option is { Tokens: [var token, ..] } && IsNumber(option.Option.ValueType) && error.Message.Contains(token.Value, StringComparison.Ordinal))
            return $"'{token.Value}' is not the number that {option.Option.Name} takes.";
        string[] lines = error.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length > 1 ? $"{lines[0]} {string.Join(", ", lines[1..])}." : lines[0];
    }

    private static bool IsNumber(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) is >= TypeCode.SByte and <= TypeCode.Decimal;
}
