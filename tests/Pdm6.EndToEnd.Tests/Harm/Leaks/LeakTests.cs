using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Harm;

/// <summary>What looks for leaks sees one.</summary>
public class LeakTests
{
    [RootFact]
    public async Task KernelObjects_MapThatNobodyHolds_IsSeenUntilItIsGone()
    {
        KernelObjects objects = new();
        string pin = $"/sys/fs/bpf/pdm6-leak-{Environment.ProcessId}";
        CommandLine.Of("bpftool", "map", "create", pin, "type", "array", "key", "4", "value", "4", "entries", "1", "name", "leak").Run();
        try
        {
            Assert.Contains(await objects.LeftAsync(TimeSpan.Zero), name => name.StartsWith("map ", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(pin);
        }

        Assert.Empty(await objects.LeftAsync(TimeSpan.FromSeconds(60)));
    }

    [RootFact]
    public async Task HostSettings_QueueingDisciplineLeft_AreDifferent()
    {
        await using Laboratory laboratory = Laboratory.Create();
        IReadOnlyList<string> before = HostSettings.Of(laboratory.ClientLink.First);
        Assert.Equal(before, HostSettings.Of(laboratory.ClientLink.First));

        laboratory.Client.Run("tc", "qdisc", "add", "dev", Laboratory.MeasuredInterface, "clsact");

        Assert.Contains("clsact", Assert.Single(HostSettings.Of(laboratory.ClientLink.First).Except(before)));
    }
}
