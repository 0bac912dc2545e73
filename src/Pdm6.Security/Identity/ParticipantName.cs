using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Pdm6.Security.Identity;

/// <summary>Names of agents and participants, for people: 1 to 64 letters, digits, dots, hyphens, underscores.</summary>
public static class ParticipantName
{
    /// <summary>The longest name, characters.</summary>
    public const int Longest = 64;

    private static readonly SearchValues<char> s_characters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    /// <summary>True if this is a name; else one sentence says what it lacks.</summary>
    public static bool IsValid([NotNullWhen(true)] string? name, [NotNullWhen(false)] out string? error)
    {
        error = name is null or "" or { Length: > Longest } ? "has 1 to 64 characters."
            : name.AsSpan().ContainsAnyExcept(s_characters) ? "holds more than letters, digits, dots, hyphens and underscores."
            : null;
        return error is null;
    }

    /// <exception cref="ArgumentException">Not a name.</exception>
    internal static void ThrowIfInvalid(string name)
    {
        if (!IsValid(name, out string? error))
            throw new ArgumentException($"The name {error}", nameof(name));
    }
}
