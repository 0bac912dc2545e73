using System.Globalization;

namespace Pdm6.Lab;

/// <summary>
/// The name of a network namespace of a laboratory: <c>pdm6-PPPPPPCC-role</c>, where P is the creator's process id and
/// C counts its laboratories, both hexadecimal. So a later run can tell which namespaces nobody owns any more.
/// </summary>
/// <param name="ProcessId">The process that made the namespace.</param>
/// <param name="Laboratory">Which of that process's laboratories.</param>
/// <param name="Role">client, router, server or collector.</param>
public readonly record struct NamespaceName(int ProcessId, byte Laboratory, string Role)
{
    private const string Prefix = "pdm6-";
    private const int RoleOffset = 14;

    /// <summary>Reads a name; false for everything that is no namespace of ours.</summary>
    public static bool TryParse(string text, out NamespaceName name)
    {
        name = default;
        if (text.Length <= RoleOffset || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[RoleOffset - 1] != '-'
            || !int.TryParse(text.AsSpan(5, 6), NumberStyles.AllowHexSpecifier, null, out int process)
            || !byte.TryParse(text.AsSpan(11, 2), NumberStyles.AllowHexSpecifier, null, out byte laboratory))
            return false;
        name = new NamespaceName(process, laboratory, text[RoleOffset..]);
        return true;
    }

    /// <summary>The name as the ip program knows it.</summary>
    public override string ToString() => $"{Prefix}{ProcessId:x6}{Laboratory:x2}-{Role}";
}
