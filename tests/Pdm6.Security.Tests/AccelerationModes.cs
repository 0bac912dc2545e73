namespace Pdm6.Security.Tests;

/// <summary>The ways in which this machine can compute AES-GCM: everything that holds for one holds for all.</summary>
internal static class AccelerationModes
{
    public static IReadOnlyList<bool> All { get; } = ShortAesGcm.IsAccelerated ? [true, false] : [false];

    public static TheoryData<int, bool> WithKeySizes()
    {
        TheoryData<int, bool> cases = [];
        foreach (bool accelerated in All)
        {
            cases.Add(16, accelerated);
            cases.Add(32, accelerated);
        }
        return cases;
    }
}
