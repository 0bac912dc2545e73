using System.Text;
using Pdm6.Capture.Analysis;
using Pdm6.Capture.Decryption;
using Pdm6.Capture.Tests.Support;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Capture.Tests.Analysis;

/// <summary>What registration leaves behind opens a capture: stored announcements, the analyzer's key, the authority.</summary>
public sealed class SignedAnnouncementTests : IDisposable
{
    private static readonly byte[] s_secret = [.. Enumerable.Range(33, 32).Select(i => (byte)i)];

    private readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeSeconds((long)(Trace.Start / 1_000_000_000));
    private readonly CertificateAuthority _authority;
    private readonly IdentityKey _identity = IdentityKey.Generate();
    private readonly ParticipantCertificate _certificate;
    private readonly HpkePrivateKey _analyzer = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);

    public SignedAnnouncementTests()
    {
        _authority = CertificateAuthority.Create("lab", _start.AddDays(-1));
        _certificate = Certify(_authority, _identity);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _identity.Dispose();
        _analyzer.Dispose();
    }

    [Fact]
    public void Analyze_NamedAnalyzerLongAfter_OpensTheCapture()
    {
        // Certificates and announcement have expired by now: the capture is of 2023.
        using CaptureKeys keys = Keys();
        Add(keys, Signed());
        AnalysisReport report = Exchanges().Analyze(keys);
        Assert.Equal(20, report.Totals.Tally.Opened);
        Assert.Equal(9ul, report.Flows[0].RoundTrip.Count);
        Assert.Equal((1, 0, 0), (keys.Announcements.Used, keys.Announcements.ForOthers, keys.Announcements.Refused));
    }

    [Theory]
    [InlineData("{0}\n{1}\n")]
    [InlineData("[{0},{1}]")]
    [InlineData("{0}{1}")]
    public void AddAnnouncements_ArrayOrLines_AreAllTaken(string format)
    {
        using CaptureKeys keys = Keys();
        string[] json = [Text(Signed(Packets.A)), Text(Signed(Packets.B))];
        Add(keys, Encoding.UTF8.GetBytes(format.Replace("{0}", json[0], StringComparison.Ordinal).Replace("{1}", json[1], StringComparison.Ordinal)));
        Assert.Equal(2, keys.Announcements.Used);
        Assert.Equal(20, Exchanges().Analyze(keys).Totals.Tally.Opened);
    }

    [Fact]
    public void Analyze_AnalyzerThatWasNotNamed_OpensNothing()
    {
        using CaptureKeys keys = new(null, new AnalyzerKeys([HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256)], _authority.Certificate));
        Add(keys, Signed());
        Assert.Equal(20, Exchanges().Analyze(keys).Totals.Tally.NoKey);
        Assert.Equal((0, 1, 0), (keys.Announcements.Used, keys.Announcements.ForOthers, keys.Announcements.Refused));
    }

    [Fact]
    public void Analyze_ForgedAnnouncement_IsLeftOutWithItsReason()
    {
        using CertificateAuthority elsewhere = CertificateAuthority.Create("lab", _start.AddDays(-1));
        ParticipantCertificate foreign = Certify(elsewhere, _identity);
        SignedEnvelope good = Signed();
        byte[] altered = [.. good.Body];
        altered[^5] ^= 1;
        using CaptureKeys keys = Keys();
        Add(keys, [.. Encoding.UTF8.GetBytes($"{Text(Signed(certificate: foreign))}\n{Text(good with { Body = altered })}")]);
        Assert.Equal(20, Exchanges().Analyze(keys).Totals.Tally.NoKey);
        Assert.Equal(2, keys.Announcements.Refused);
        Assert.Contains("not one of this authority", keys.Announcements.Reasons[0], StringComparison.Ordinal);
        Assert.Contains("signature is wrong", keys.Announcements.Reasons[1], StringComparison.Ordinal);
        Assert.All(keys.Announcements.Reasons, reason => Assert.Contains("'host-a'", reason, StringComparison.Ordinal));
    }

    [Fact]
    public void AddAnnouncements_ManyForged_AreCountedAndSomeAreTold()
    {
        using CaptureKeys keys = Keys();
        string forged = Text(Signed() with { Signature = new byte[64] });
        Add(keys, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(forged, 25))));
        Assert.Equal((25, AnnouncementTally.MostReasons), (keys.Announcements.Refused, keys.Announcements.Reasons.Count));
    }

    [Fact]
    public void AddAnnouncements_SecretSealedForAnotherSender_IsRefused()
    {
        using IdentityKey thief = IdentityKey.Generate();
        ParticipantCertificate certificate = Certify(_authority, thief);
        using CaptureKeys keys = Keys();
        Add(keys, SignedEnvelope.Sign(EnvelopeKind.Announcement, Signed().Body, thief, certificate));
        Assert.Contains("does not open", Assert.Single(keys.Announcements.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Analyze_OptionsOutsideTheContextsTime_HaveNoKey()
    {
        using CaptureKeys keys = Keys();
        Add(keys, Signed());
        AnalysisReport report = new Trace()
            .Add(Sealed(Packets.Udp(), 1, default), Trace.Start)
            .Add(Sealed(Packets.Udp(), 2, default), Trace.Start + 86_000_000 * Trace.Ms).Analyze(keys);
        Assert.Equal(new PacketTally(0, 1, 0, 1, 0), report.Totals.Tally);
    }

    [Fact]
    public void Analyze_ClearOptionsOfAHostWhoseAnnouncementIsForOthers_DoNotMeasure()
    {
        using CaptureKeys keys = new(null, new AnalyzerKeys([HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256)], _authority.Certificate));
        Add(keys, Signed());
        AnalysisReport report = new Trace().Exchanges(
            (in FlowKey flow, uint psntp, in PdmMetrics metrics) => Packets.Ipv6(flow, [Packets.ClearOption(psntp, metrics)]), 10).Analyze(keys);
        Assert.Equal((20, 0ul), (report.Totals.Tally.Clear, report.Totals.RoundTrip.Count));
    }

    [Fact]
    public void AnalyzeAndDecrypt_AnnouncementInsideTheCapture_IsUsed()
    {
        byte[] capture = WithEmbedded(Signed());
        using (CaptureKeys keys = Keys())
            Assert.Equal(20, Trace.Analyze(capture, keys).Totals.Tally.Opened);
        using (CaptureKeys keys = Keys())
        using (CaptureReader reader = new(new MemoryStream(capture)))
        using (PcapngWriter copy = new(new MemoryStream()))
            Assert.Equal(20, new CaptureDecryptor(keys, new WireSettings()).Decrypt(reader, copy).Options);
        using (CaptureKeys none = new())
            Assert.Equal(20, Trace.Analyze(capture, none).Totals.Tally.NoKey);
    }

    [Fact]
    public void Analyze_ForgedAnnouncementInsideTheCapture_IsLeftOut()
    {
        using CaptureKeys keys = Keys();
        Assert.Equal(20, Trace.Analyze(WithEmbedded(Signed() with { Signature = new byte[64] }), keys).Totals.Tally.NoKey);
        Assert.Equal(1, keys.Announcements.Refused);
    }

    [Fact]
    public void AddAnnouncements_SealedOnesWithoutAnAnalyzersKey_SayWhatIsMissing()
    {
        using CaptureKeys keys = new();
        Assert.False(keys.TryAddAnnouncements(Signed().ToJson(), out string? error));
        Assert.Contains("--analyzer-key", error, StringComparison.Ordinal);
        Assert.Contains("--authority", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"signature\":1}")]
    [InlineData("{\"signature\":\"\"}")]
    [InlineData("[{\"signature\":\"\"")]
    [InlineData("[] x")]
    public void AddAnnouncements_BrokenEnvelopes_AreRefusedInOneLine(string json)
    {
        using CaptureKeys keys = Keys();
        Assert.False(keys.TryAddAnnouncements(Encoding.UTF8.GetBytes(json), out string? error));
        Assert.DoesNotContain('\n', error);
    }

    private CaptureKeys Keys()
    {
        HpkePrivateKey former = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);
        byte[] octets = new byte[_analyzer.Size];
        _analyzer.Export(octets);
        return new CaptureKeys(null, new AnalyzerKeys([former, HpkePrivateKey.Import(_analyzer.Kem, octets)], _authority.Certificate));
    }

    private static void Add(CaptureKeys keys, byte[] json) => Assert.True(keys.TryAddAnnouncements(json, out string? error), error);

    private static void Add(CaptureKeys keys, SignedEnvelope envelope) => Add(keys, envelope.ToJson());

    private static string Text(SignedEnvelope envelope) => Encoding.UTF8.GetString(envelope.ToJson());

    private ParticipantCertificate Certify(CertificateAuthority authority, IdentityKey key)
    {
        Assert.True(ParticipantRequest.TryParse(key.CreateRequest("host-a"), out ParticipantRequest? request, out _));
        byte[] der = authority.Issue(request, Role.Endpoint, "host-a", [new Ipv6Prefix(default, 0)], _start.AddHours(-1), _start.AddHours(1));
        Assert.True(ParticipantCertificate.TryParse(der, out ParticipantCertificate? certificate, out string? error), error);
        return certificate;
    }

    private SignedEnvelope Signed(params Ipv6Address[] addresses) => Signed(_certificate, addresses);

    private SignedEnvelope Signed(ParticipantCertificate certificate, params Ipv6Address[] addresses)
    {
        Announcement announcement = new()
        {
            FormatVersion = Announcement.CurrentFormatVersion,
            ContextId = ContextId.NewRandom(),
            IncarnationId = IncarnationId.NewRandom(),
            Sequence = 1,
            IssuedAtUnixNs = Trace.Start,
            NotAfterUnixNs = Trace.Start + 3_600_000 * Trace.Ms,
            AgentName = "host-a",
            Addresses = addresses.Length > 0 ? addresses : [Packets.A, Packets.B],
            Suite = Suite.Aes256Gcm,
            Timetable = new EpochTimetable(7, Trace.Start, 60_000 * Trace.Ms, 10),
            OptionType = 0x1e,
            ClockErrorBoundNs = 0,
        };
        byte[] body = SealedAnnouncement.Seal(announcement, s_secret, [new Recipient(_analyzer.PublicKey)], certificate);
        return SignedEnvelope.Sign(EnvelopeKind.Announcement, body, _identity, certificate);
    }

    private static byte[] Sealed(in FlowKey flow, uint psntp, in PdmMetrics metrics) =>
        Packets.Ipv6(flow, [new Context(s_secret).Option(flow, psntp, metrics)]);

    private static Trace Exchanges() => new Trace().Exchanges(Sealed, 10);

    private static byte[] WithEmbedded(SignedEnvelope envelope)
    {
        MemoryStream capture = new();
        using (PcapngWriter writer = new(capture))
        {
            writer.BeginSection("tests");
            writer.WriteCustom(CustomBlockKind.Announcement, envelope.ToJson());
        }
        return [.. capture.ToArray(), .. Exchanges().ToPcapng()];
    }
}
