using System.Text;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Tests.Support;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Analysis;

public sealed class AnnouncementTests : IDisposable
{
    private static readonly byte[] LaboratorySecret = [.. Enumerable.Range(90, 32).Select(i => (byte)i)];

    private readonly TemporaryFiles _files = new();
    private readonly IncarnationId _incarnation = IncarnationId.NewRandom();

    public void Dispose() => _files.Dispose();

    /// <summary>Epoch 7 is current when the capture begins, and for a minute.</summary>
    private Announcement Announced(params Ipv6Address[] addresses) => new()
    {
        FormatVersion = Announcement.CurrentFormatVersion,
        ContextId = ContextId.NewRandom(),
        IncarnationId = _incarnation,
        Sequence = 1,
        IssuedAtUnixNs = Trace.Start,
        NotAfterUnixNs = Trace.Start + 3_600_000 * Trace.Ms,
        AgentName = "host",
        Addresses = addresses,
        Suite = Suite.Aes256Gcm,
        Timetable = new EpochTimetable(7, Trace.Start, 60_000 * Trace.Ms, 10),
        OptionType = 0x1e,
        ClockErrorBoundNs = 0,
    };

    private byte[] Sealed(in FlowKey flow, uint psntp, in PdmMetrics metrics)
    {
        byte[] baseSecret = new byte[KeyDerivation.SecretSize];
        KeyDerivation.BaseSecretFromKeyFile(LaboratorySecret, _incarnation, baseSecret);
        return Packets.Ipv6(flow, [new Context(baseSecret).Option(flow, psntp, metrics)]);
    }

    private CaptureKeys Keys(params Announcement[] announcements)
    {
        CaptureKeys keys = new(_files.Key(LaboratorySecret));
        string json = $"[{string.Join(',', announcements.Select(announcement => Encoding.UTF8.GetString(announcement.ToJson())))}]";
        Assert.True(keys.TryAddAnnouncements(Encoding.UTF8.GetBytes(json), out string? error), error);
        return keys;
    }

    [Fact]
    public void Analyze_AnnouncedHosts_AreOpened()
    {
        using CaptureKeys keys = Keys(Announced(Packets.A, Packets.B));
        AnalysisReport report = new Trace().Exchanges(Sealed, 10).Analyze(keys);
        Assert.Equal(20, report.Totals.Tally.Opened);
        Assert.Equal(9ul, report.Flows[0].RoundTrip.Count);
    }

    [Fact]
    public void Analyze_HostNotAnnounced_HasNoKey()
    {
        using CaptureKeys keys = Keys(Announced(Packets.A));
        AnalysisReport report = new Trace().Exchanges(Sealed, 10).Analyze(keys);
        Assert.Equal(new PacketTally(0, 10, 0, 10, 0), report.Totals.Tally);
    }

    [Fact]
    public void Analyze_OptionsOutsideTheirEpoch_HaveNoKey()
    {
        using CaptureKeys keys = Keys(Announced(Packets.A, Packets.B));
        AnalysisReport report = new Trace()
            .Add(Sealed(Packets.Udp(), 1, default), Trace.Start)
            .Add(Sealed(Packets.Udp(), 2, default), Trace.Start + 64_000 * Trace.Ms)
            .Add(Sealed(Packets.Udp(), 3, default), Trace.Start + 66_000 * Trace.Ms).Analyze(keys);
        Assert.Equal(new PacketTally(0, 2, 0, 1, 0), report.Totals.Tally);
    }

    [Fact]
    public void Analyze_ClearOptionsOfAnAnnouncedHost_DoNotMeasure()
    {
        using CaptureKeys keys = Keys(Announced(Packets.A));
        AnalysisReport report = new Trace().Exchanges(
            (in FlowKey flow, uint psntp, in PdmMetrics metrics) => Packets.Ipv6(flow, [Packets.ClearOption(psntp, metrics)]), 10).Analyze(keys);
        Assert.Equal((20, 0ul), (report.Totals.Tally.Clear, report.Totals.RoundTrip.Count));
    }

    [Fact]
    public void Analyze_AnnouncementInsideTheCapture_IsUsedWithTheKey()
    {
        byte[] packets = new Trace().Exchanges(Sealed, 10).ToPcapng();
        MemoryStream capture = new();
        using (PcapngWriter writer = new(capture))
        {
            writer.BeginSection("tests");
            writer.WriteCustom(CustomBlockKind.Announcement, Announced(Packets.A, Packets.B).ToJson());
        }
        byte[] whole = [.. capture.ToArray(), .. packets];
        using (CaptureKeys keys = new(_files.Key(LaboratorySecret)))
            Assert.Equal(20, Trace.Analyze(whole, keys).Totals.Tally.Opened);
        using (CaptureKeys none = new())
            Assert.Equal(20, Trace.Analyze(whole, none).Totals.Tally.NoKey);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[{\"formatVersion\":1}]")]
    [InlineData("[1]")]
    [InlineData("null")]
    public void AddAnnouncements_SomethingElse_IsRefusedInOneLine(string json)
    {
        using CaptureKeys keys = new(_files.Key(LaboratorySecret));
        Assert.False(keys.TryAddAnnouncements(Encoding.UTF8.GetBytes(json), out string? error));
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public void AddAnnouncements_WithoutKey_SaysWhatIsMissing()
    {
        using CaptureKeys keys = new();
        Assert.False(keys.TryAddAnnouncements(Announced(Packets.A).ToJson(), out string? error));
        Assert.Contains("key file", error, StringComparison.Ordinal);
    }
}
