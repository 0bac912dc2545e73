using System.Reflection;

namespace Pdm6.Architecture.Tests;

/// <summary>Holds the arrows of ARCHITECTURE.md: which room may use which.</summary>
public class RoomTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Pdm6.Wire"] = [],
        ["Pdm6.Security"] = ["Pdm6.Wire"],
        ["Pdm6.Measurement"] = ["Pdm6.Wire"],
        ["Pdm6.Datapath"] = ["Pdm6.Wire"],
        ["Pdm6.Registration"] = ["Pdm6.Wire", "Pdm6.Security"],
        ["Pdm6.Export"] = ["Pdm6.Wire", "Pdm6.Security", "Pdm6.Registration"],
        ["Pdm6.Capture"] = ["Pdm6.Wire", "Pdm6.Security", "Pdm6.Measurement"],
        ["Pdm6.Agent"] =
        [
            "Pdm6.Wire", "Pdm6.Security", "Pdm6.Measurement", "Pdm6.Datapath", "Pdm6.Export", "Pdm6.Registration",
        ],
        ["Pdm6.Codec"] = ["Pdm6.Wire", "Pdm6.Security"],
        ["Pdm6.Collector"] = ["Pdm6.Wire", "Pdm6.Security", "Pdm6.Measurement", "Pdm6.Export", "Pdm6.Registration"],
        ["Pdm6.Probe"] = ["Pdm6.Wire", "Pdm6.Security", "Pdm6.Measurement", "Pdm6.Registration"],
        ["Pdm6.Lab"] = ["Pdm6.Wire"],
        ["pdm6"] =
        [
            "Pdm6.Wire", "Pdm6.Security", "Pdm6.Measurement", "Pdm6.Datapath", "Pdm6.Export", "Pdm6.Capture",
            "Pdm6.Codec", "Pdm6.Agent", "Pdm6.Collector", "Pdm6.Probe", "Pdm6.Registration", "Pdm6.Lab",
        ],
    };

    public static TheoryData<string> Rooms => new(MayUse.Keys);

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_ReferencesOurAssemblies_OnlyThoseItMayUse(string room)
    {
        IEnumerable<string> used = Load(room).GetReferencedAssemblies()
            .Select(name => name.Name!)
            .Where(name => name.StartsWith("Pdm6.", StringComparison.Ordinal));

        Assert.Empty(used.Except(MayUse[room]));
    }

    [Theory]
    [InlineData("Pdm6.Wire")]
    [InlineData("Pdm6.Measurement")]
    public void PureRoom_ReferencesPlatform_NeitherCryptographyNorSockets(string room)
    {
        string[] forbidden = ["System.Security.Cryptography", "System.Net.Sockets", "System.Net.Http"];

        Assert.Empty(Load(room).GetReferencedAssemblies().Select(name => name.Name!).Intersect(forbidden));
    }

    [Fact]
    public void EverySourceProject_HasAnEntryHere()
    {
        string output = Path.GetDirectoryName(typeof(RoomTests).Assembly.Location)!;
        IEnumerable<string> built = Directory.EnumerateFiles(output, "*.dll")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name.StartsWith("Pdm6.", StringComparison.OrdinalIgnoreCase) && !name.EndsWith(".Tests", StringComparison.Ordinal));

        Assert.All(built, name => Assert.Contains(name, MayUse.Keys));
    }

    private static Assembly Load(string room) => Assembly.Load(room);
}
