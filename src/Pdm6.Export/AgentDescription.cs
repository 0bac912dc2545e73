using System.Diagnostics.CodeAnalysis;
using Pdm6.Security;

namespace Pdm6.Export;

/// <summary>Who an agent is: put when it starts, and again whenever it begins a new context.</summary>
/// <param name="Name">What people call the host.</param>
/// <param name="IncarnationId">The life of the agent process that this describes.</param>
/// <param name="Rules">Names of its policy rules in order: an observation's rule is an index into them, and the name
/// is the group that the observation counts for.</param>
/// <param name="Announcement">Its newest context.</param>
public sealed record AgentDescription(
    string Name, IncarnationId IncarnationId, IReadOnlyList<string> Rules, Announcement Announcement)
{
    /// <summary>The most rules that an agent has (PDM6_MAX_RULES of the kernel programs).</summary>
    public const int MaxRules = 32;

    /// <summary>The most characters of the name of an agent, a rule or a reason.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Checks what came from outside.</summary>
    /// <param name="error">What is wrong, in one line, when the answer is false.</param>
    public bool TryValidate([NotNullWhen(false)] out string? error)
    {
        error = null;
        if (!IsName(Name))
            error = $"the agent's name must have 1 to {MaxNameLength} printable characters";
        else if (Rules.Count > MaxRules)
            error = $"{Rules.Count} rules, but an agent has at most {MaxRules}";
        else if (!Rules.All(IsName))
            error = $"a rule's name must have 1 to {MaxNameLength} printable characters";
        else if (Rules.Distinct(StringComparer.Ordinal).Count() != Rules.Count)
            error = "two rules have the same name";
        else if (!Announcement.TryValidate(out string? announcementError))
            error = $"announcement: {announcementError}";
        else if (Announcement.IncarnationId != IncarnationId)
            error = "the announcement belongs to another incarnation";
        return error is null;
    }

    // Null: JSON can put one into any list, and the reader does not object.
    internal static bool IsName(string? name) =>
        name?.Length is > 0 and <= MaxNameLength && !name!.Any(char.IsControl);
}
