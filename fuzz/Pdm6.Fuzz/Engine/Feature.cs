namespace Pdm6.Fuzz.Engine;

/// <summary>Makes one number of many, the same in every process.</summary>
internal static class Feature
{
    private const uint Basis = 2166136261, Prime = 16777619; // FNV-1a

    public static int Of(params ReadOnlySpan<int> parts)
    {
        uint hash = Basis;
        foreach (int part in parts)
            hash = (hash ^ (uint)part) * Prime;
        return (int)hash;
    }

    public static int Of(ReadOnlySpan<char> text)
    {
        uint hash = Basis;
        foreach (char letter in text)
            hash = (hash ^ letter) * Prime;
        return (int)hash;
    }
}
