using System.Text;

namespace Pdm6.Datapath;

/// <summary>FlowTableFull becomes flow-table-full.</summary>
internal static class KebabCase
{
    internal static string Of(string pascalCase)
    {
        StringBuilder name = new();
        foreach (char letter in pascalCase)
        {
            if (char.IsUpper(letter) && name.Length > 0)
                name.Append('-');
            name.Append(char.ToLowerInvariant(letter));
        }
        return name.ToString();
    }
}
