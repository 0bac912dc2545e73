using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pdm6.EndToEnd.Tests.Demo;

/// <summary>What a person sees of <c>pdm6 demo --seconds 15 --keep DIR</c>, and what it leaves.</summary>
public partial class DemoTests(FinishedDemo demo) : IClassFixture<FinishedDemo>
{
    [RootFact]
    public void Demo_Ends_SaysInTheseWordsThatAllIsWell()
    {
        demo.Run.RequireSuccess();
        Assert.Matches(@"(?m)^options sealed on the wire: [1-9]\d*$", demo.Run.Process.Output);
        Assert.Matches(@"(?m)^clear metrics on the wire: 0$", demo.Run.Process.Output);
        Assert.Matches(@"(?m)^opened and authenticated: [1-9]\d*$", demo.Run.Process.Output);
        Assert.Matches(@"(?m)^application errors: 0$", demo.Run.Process.Output);
        Assert.DoesNotContain("failed authentication", demo.Run.Process.Output, StringComparison.Ordinal);
    }

    [RootFact]
    public Task Summary_CountedAgainFromCapturesAndKey_IsTheSame() => demo.Run.RequireAgreementAsync("recount.py");

    [RootTheory]
    [InlineData("dns")]
    [InlineData("http")]
    [InlineData("slow")]
    [InlineData("download")]
    [InlineData("ping")]
    public void Group_OfTheDemo_HasRoundTripAndServerDelay(string group)
    {
        demo.Run.RequireSuccess();
        Assert.True(demo.Run.Groups[group].GetProperty("roundTripNs").GetProperty("samples").GetInt64() > 0);
        Assert.True(demo.Run.Groups[group].GetProperty("serverDelayNs").GetProperty("samples").GetInt64() > 0);
    }

    [RootFact]
    public void SlowGroup_ServerThatThinks50Milliseconds_MedianServerDelaySaysSo()
    {
        demo.Run.RequireSuccess();
        long median = demo.Run.Groups["slow"].GetProperty("serverDelayNs").GetProperty("p50").GetInt64();
        // Never less than the server thinks, within the histogram's error; more where the machine is busy.
        Assert.InRange(median, 49_000_000, 70_000_000);
    }

    [RootFact]
    public void DnsGroup_FlowsOfOneQuery_AreSealed()
    {
        demo.Run.RequireSuccess();
        JsonElement dns = demo.Run.Groups["dns"];
        long selected = dns.GetProperty("selected").GetInt64(), sealedPackets = dns.GetProperty("sealed").GetInt64();
        Assert.True(selected > 0 && sealedPackets >= 0.99 * selected, $"{sealedPackets} of {selected}");
    }

    [RootFact]
    public void AnalyzerKey_Kept_IsForItsOwnerOnly() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(demo.Run.Directory, "analyzer.key")));

    [RootFact]
    public void Demo_Ends_SaysWhoEnrolledAndThatContextsChangedWithoutLoss()
    {
        demo.Run.RequireSuccess();
        foreach (string participant in (string[])["analyzer collector", "endpoint client", "endpoint server"])
            Assert.Matches($"(?m)^enrolled: {participant}.*, identity [0-9a-f]{{16}}\\.\\.\\.$", demo.Run.Process.Output);
        foreach (string host in (string[])["client", "server"])
            Assert.Matches($"(?m)^contexts of the {host}: [0-9a-f]{{8}}(, then [0-9a-f]{{8}})+$", demo.Run.Process.Output);
        Assert.Matches(@"(?m)^measurements lost over the change of contexts: 0$", demo.Run.Process.Output);
    }

    [RootFact]
    public void Demo_Ended_LeavesNoNamespaceAndNoProcess()
    {
        Assert.Empty(demo.Run.Process.Namespaces());
        Assert.Empty(demo.Run.Process.Processes());
    }

    [RootFact]
    public async Task Demo_Interrupted_LeavesNoNamespaceNoProcessAndNoKernelProgram()
    {
        DemoProcess running = DemoProcess.Start(["--seconds", "120"]);
        await running.WaitUntilMeasuringAsync();
        IReadOnlySet<int> programs = running.Programs();
        Assert.NotEmpty(programs);
        Assert.Equal(4, running.Namespaces().Count);

        running.Interrupt();

        const int interrupted = 130;
        Assert.Equal(interrupted, await running.WaitAsync());
        Assert.Empty(running.Namespaces());
        Assert.Empty(running.Processes());
        // The kernel frees programs in its own time after their last holder.
        await Poll.UntilAsync(() => DemoProcess.StillLoaded(programs).Count == 0, () => "kernel programs are left");
    }

    [RootFact]
    public async Task Demo_RouterFlipsBits_ExactlyThoseOptionsFail()
    {
        using KeptDemo tampered = await KeptDemo.RunAsync("--seconds", "8", "--tamper", "1");
        // Forged options aside, every number is what it is without them.
        await tampered.RequireAgreementAsync("recount.py");
        Match line = FailedAuthentication().Match(tampered.Process.Output);
        Assert.True(line.Success, tampered.Process.Output);
        long failed = long.Parse(line.Groups["failed"].Value), byTheRelay = long.Parse(line.Groups["tampered"].Value);
        Assert.True(failed > 0, "nothing was tampered with");
        Assert.Equal(byTheRelay, failed);
        Assert.Equal(failed, tampered.Summary.GetProperty("authenticationFailed").GetInt64());
    }

    [GeneratedRegex(@"failed authentication: (?<failed>\d+) \((?<tampered>\d+) tampered")]
    private static partial Regex FailedAuthentication();
}
