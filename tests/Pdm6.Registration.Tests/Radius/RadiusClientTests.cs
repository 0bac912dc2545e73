using System.Net;
using System.Net.Sockets;
using Pdm6.Registration.Radius;
using Pdm6.Security.Identity;

namespace Pdm6.Registration.Tests.Radius;

public sealed class RadiusClientTests
{
    private const int Accept = 2, Reject = 3, Challenge = 11;
    private const double Soon = 0.05;

    [Fact]
    public async Task AccessRequest_AsTheServerReceivesIt_BeginsWithItsMessageAuthenticatorAndHoldsWhatIsDocumented()
    {
        await using TestRadiusServer server = TestRadiusServer.Answering(Accept, packet => packet.Authenticated());

        await AskAsync([server]);

        byte[] request = Assert.Single(server.Requests);
        Assert.Equal(1, request[0]);
        Assert.Equal([80, 18], request[20..22]);
        Assert.Equal(TestPacket.MessageAuthenticatorOf(request), request[22..38]);
        Dictionary<int, byte[]> attributes = Attributes(request);
        Assert.Equal("host-1"u8.ToArray(), attributes[1]);
        Assert.Equal("a password"u8.ToArray(), TestPacket.Unhide(attributes[2], request[4..20]));
        Assert.Equal([0, 0, 0, 2], attributes[6]);
        Assert.Equal("pdm6:analyzer"u8.ToArray(), attributes[30]);
        Assert.Equal("2001:db8::7"u8.ToArray(), attributes[31]);
        Assert.Equal("the registrar"u8.ToArray(), attributes[32]);
        Assert.Equal([0, 0, 0, 5], attributes[61]);
        Assert.DoesNotContain(24, attributes.Keys);
    }

    [Fact]
    public async Task CommonPassword_IfTheOperatorSetsOne_ReplacesTheTokens()
    {
        await using TestRadiusServer server = TestRadiusServer.Answering(Accept, packet => packet.Authenticated());
        using RadiusSecret password = RadiusSecret.Of("from a file"u8);

        await AskAsync([server], password: password);

        byte[] request = Assert.Single(server.Requests);
        Assert.Equal("from a file"u8.ToArray(), TestPacket.Unhide(Attributes(request)[2], request[4..20]));
    }

    [Fact]
    public async Task Accept_WithPrefixesAndWords_GivesThem()
    {
        await using TestRadiusServer server = TestRadiusServer.Answering(Accept, packet => packet
            .With(97, 0, 32, 0x20, 1, 0x0d, 0xb8).With(11, "other").With(25, "pdm6:endpoint").With(11, "pdm6:wait")
            .With(123, 0, 64, 0x20, 1, 0x0d, 0xb8, 0, 1, 0, 2).Authenticated());

        RadiusAnswer answer = await AskAsync([server]);

        Assert.Equal(RadiusAnswerKind.Accept, answer.Kind);
        Assert.Equal(["2001:db8::/32", "2001:db8:1:2::/64"], answer.Prefixes.Select(prefix => prefix.ToString()));
        Assert.Equal(["endpoint", "wait"], answer.Words);
        Assert.False(answer.HasBadPrefix);
    }

    [Fact]
    public async Task Accept_WithAPrefixThatIsNone_SaysSo()
    {
        await using TestRadiusServer server = TestRadiusServer.Answering(Accept, packet => packet
            .With(97, 0, 64, 0x20, 1, 0x0d, 0xb8).With(123, 0, 32, 0x20, 1, 0x0d, 0xb8).Authenticated());

        RadiusAnswer answer = await AskAsync([server]);

        Assert.True(answer.HasBadPrefix);
        Assert.Single(answer.Prefixes);
    }

    [Fact]
    public async Task Reject_WithReplyMessages_SaysThemInOrderAndFitToBeShown()
    {
        await using TestRadiusServer server = TestRadiusServer.Answering(Reject, packet => packet
            .Authenticated().With(18, "not\u001b[31m").With(18, 0xff, (byte)'x').With(18, new string('y', 253)).With(18, new string('z', 253)));

        RadiusAnswer answer = await AskAsync([server]);

        Assert.Equal(RadiusAnswerKind.Reject, answer.Kind);
        Assert.StartsWith("not\ufffd[31m \ufffdx yyy", answer.Message);
        Assert.InRange(answer.Message.Length, 300, 401);
    }

    [Fact]
    public async Task Challenge_IsToldFromReject()
    {
        await using TestRadiusServer server = TestRadiusServer.Answering(Challenge, packet => packet.Authenticated().With(24, "state"));

        Assert.Equal(RadiusAnswerKind.Challenge, (await AskAsync([server])).Kind);
    }

    [Fact]
    public async Task SilentServer_ThenAnswer_GetsTheSameRequestOctetForOctet()
    {
        await using TestRadiusServer server = new((request, number) => number < 3
            ? []
            : [new TestPacket(Accept, request[1]).Authenticated().Answering(request.AsSpan(4, 16))]);

        RadiusAnswer answer = await AskAsync([server], timeoutSeconds: Soon);

        Assert.Equal(RadiusAnswerKind.Accept, answer.Kind);
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(server.Requests[0], server.Requests[1]);
        Assert.Equal(server.Requests[0], server.Requests[2]);
    }

    [Fact]
    public async Task Forgeries_BeforeTheAnswer_AreAllPassedOver()
    {
        byte[] otherSecret = "not what they share"u8.ToArray();
        await using TestRadiusServer server = new((request, _) =>
        {
            byte[] authenticator = request[4..20];
            byte[] reject = new TestPacket(Reject, request[1]).Authenticated().Answering(authenticator);
            byte[] badHmac = new TestPacket(Accept, request[1]).With(80, new byte[15].Append((byte)1).ToArray()).Answering(authenticator);
            byte[] halfForged = Altered(new TestPacket(Accept, request[1]).Authenticated().Answering(authenticator), 5);
            return
            [
                [], [2], new byte[20], new byte[5000],
                new TestPacket(Accept, request[1]).Answering(authenticator),
                new TestPacket(Accept, request[1]).Authenticated().Answering(authenticator, otherSecret),
                new TestPacket(Accept, request[1]).Authenticated().Answering(new byte[16]),
                new TestPacket(Accept, request[1] + 1).Authenticated().Answering(authenticator),
                new TestPacket(Accept, request[1]).Authenticated().Authenticated().Answering(authenticator),
                new TestPacket(40, request[1]).Authenticated().Answering(authenticator),
                badHmac[..^1], Altered(badHmac, badHmac.Length - 1), halfForged, Altered(reject, 0), reject,
            ];
        });

        RadiusAnswer answer = await AskAsync([server]);

        Assert.Equal(RadiusAnswerKind.Reject, answer.Kind);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task ServerWithoutMessageAuthenticator_IsNamedWithTheReason()
    {
        await using TestRadiusServer server = TestRadiusServer.Answering(Accept, packet => packet);

        RadiusAnswer answer = await AskAsync([server], timeoutSeconds: Soon);

        Assert.Equal(RadiusAnswerKind.None, answer.Kind);
        Assert.Contains("without Message-Authenticator", answer.Message);
        Assert.Contains(server.EndPoint.ToString(), answer.Message);
    }

    [Fact]
    public async Task Servers_OfWhichTheFirstIsDeaf_AreAskedInOrderAndTheDeafOneLastFromThenOn()
    {
        await using TestRadiusServer deaf = new((_, _) => []);
        await using TestRadiusServer good = TestRadiusServer.Answering(Accept, packet => packet.Authenticated());
        using RadiusOptions options = Options([deaf, good], Soon, tries: 2);
        using RadiusClient client = new(options, TimeProvider.System);

        Assert.Equal(RadiusAnswerKind.Accept, (await client.AskAsync(Question, "pw"u8.ToArray(), default)).Kind);
        Assert.Equal(2, deaf.Requests.Count);
        Assert.Equal(RadiusAnswerKind.Accept, (await client.AskAsync(Question, "pw"u8.ToArray(), default)).Kind);

        Assert.Equal(2, deaf.Requests.Count);
        Assert.Equal(2, good.Requests.Count);
        Assert.NotEqual(good.Requests[0][4..20], good.Requests[1][4..20]);
    }

    [Fact]
    public async Task DeafServer_WithLessPatienceOfTheAskerThanItsTries_IsAskedLastTheNextTime()
    {
        await using TestRadiusServer deaf = new((_, _) => []);
        await using TestRadiusServer good = TestRadiusServer.Answering(Accept, packet => packet.Authenticated());
        using RadiusOptions options = Options([deaf, good], Soon, tries: 1000);
        using RadiusClient client = new(options, TimeProvider.System);
        using CancellationTokenSource patience = new();
        Task<RadiusAnswer> first = client.AskAsync(Question, "pw"u8.ToArray(), patience.Token);
        await deaf.WhenAskedAsync(times: 3);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        RadiusAnswer second = await client.AskAsync(Question, "pw"u8.ToArray(), default);

        Assert.Equal(RadiusAnswerKind.Accept, second.Kind);
        Assert.All(deaf.Requests, request => Assert.Equal(deaf.Requests[0], request)); // those of the first question
    }

    [Fact]
    public async Task ServersThatAreNotThere_AreNamedEach()
    {
        using Socket taken = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        IPEndPoint nobody = (IPEndPoint)taken.LocalEndPoint!;
        taken.Close();
        using RadiusOptions options = new()
        {
            Servers = [new RadiusServer(nobody, RadiusSecret.Of(TestPacket.Secret))],
            TimeoutSeconds = Soon,
        };
        using RadiusClient client = new(options, TimeProvider.System);

        RadiusAnswer answer = await client.AskAsync(Question, "pw"u8.ToArray(), default);

        Assert.Equal(RadiusAnswerKind.None, answer.Kind);
        Assert.Contains($"{nobody} does not listen", answer.Message);
    }

    private static RadiusQuestion Question => new("host-1", Role.Analyzer, IPAddress.Parse("2001:db8::7"));

    private static async Task<RadiusAnswer> AskAsync(TestRadiusServer[] servers, double timeoutSeconds = 10, RadiusSecret? password = null)
    {
        using RadiusOptions options = Options(servers, timeoutSeconds, password);
        using RadiusClient client = new(options, TimeProvider.System);
        return await client.AskAsync(Question, "a password"u8.ToArray(), default);
    }

    private static RadiusOptions Options(
        TestRadiusServer[] servers, double timeoutSeconds, RadiusSecret? password = null, int tries = 3) => new()
    {
        Servers = [.. servers.Select(server => server.AsServer())],
        NasIdentifier = "the registrar",
        TimeoutSeconds = timeoutSeconds,
        Tries = tries,
        Password = password,
    };

    private static byte[] Altered(byte[] packet, int offset)
    {
        byte[] altered = [.. packet];
        altered[offset] ^= 1;
        return altered;
    }

    private static Dictionary<int, byte[]> Attributes(byte[] packet)
    {
        Dictionary<int, byte[]> attributes = [];
        for (int offset = 20; offset < packet.Length; offset += packet[offset + 1])
            attributes.Add(packet[offset], packet[(offset + 2)..(offset + packet[offset + 1])]);
        return attributes;
    }
}
