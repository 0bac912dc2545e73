using System.Net;
using Pdm6.Registration.Radius;
using Pdm6.Registration.Radius.Disconnect;

namespace Pdm6.Registration.Tests.Radius.Disconnect;

public sealed class DisconnectDeskTests : IDisposable
{
    private const long Now = 1_900_000_000;
    private const int Request = 40, Ack = 41, Nak = 42, Coa = 43, CoaNak = 45;

    private static readonly IPEndPoint _server = IPEndPoint.Parse("[2001:db8::53]:40000");

    private readonly RadiusOptions _options = new()
    {
        Servers =
        [
            new RadiusServer(new IPEndPoint(_server.Address, 1812), RadiusSecret.Of(TestPacket.Secret)),
            new RadiusServer(IPEndPoint.Parse("192.0.2.53:1812"), RadiusSecret.Of("the other server's secret"u8)),
        ],
        NasIdentifier = "the registrar",
    };

    private readonly List<(string Name, string Reason)> _revoked = [];
    private readonly DisconnectDesk _desk;
    private ErrorCause _storeSays = ErrorCause.None;

    public DisconnectDeskTests() => _desk = new DisconnectDesk(_options, (name, reason, _) =>
    {
        _revoked.Add((name, reason));
        return Task.FromResult(_storeSays);
    });

    public void Dispose() => _options.Dispose();

    [Fact]
    public async Task Request_ByTheBook_RevokesAndIsAcknowledged()
    {
        byte[] request = new TestPacket(Request, 7).Authenticated().With(33, "first").With(1, "host-1").With(32, "the registrar")
            .With(18, "left the company").With(33, "second").WithNumber(55, Now).Asking();

        DisconnectOutcome outcome = await HandleAsync(request);

        Assert.Equal(DisconnectVerdict.Revoked, outcome.Verdict);
        Assert.Equal([("host-1", "left the company")], _revoked);
        Assert.Equal(
            new TestPacket(Ack, 7).Authenticated().With(33, "first").With(33, "second").Answering(request.AsSpan(4, 16)), outcome.Answer);
    }

    [Fact]
    public async Task SameRequest_FromTheSamePort_GetsTheSameAnswerAndRevokesOnce()
    {
        byte[] request = Good(1).Asking();
        byte[]? first = (await HandleAsync(request)).Answer;

        DisconnectOutcome again = await HandleAsync([.. request, 0, 0]);

        Assert.Equal(DisconnectVerdict.Repeated, again.Verdict);
        Assert.Equal(first, again.Answer);
        Assert.Single(_revoked);
    }

    [Fact]
    public async Task SameRequest_FromAnotherPort_IsAReplayAndGetsNoAnswer()
    {
        byte[] request = Good(1).Asking();
        await HandleAsync(request);

        DisconnectOutcome replay = await HandleAsync(request, new IPEndPoint(_server.Address, 40001));

        Assert.Equal(DisconnectVerdict.Replayed, replay.Verdict);
        Assert.Null(replay.Answer);
        Assert.Single(_revoked);
    }

    [Theory]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(-301, false)]
    [InlineData(301, false)]
    public async Task EventTimestamp_FiveMinutesFromNow_IsTheLimit(int seconds, bool isTaken)
    {
        DisconnectOutcome outcome = await HandleAsync(
            new TestPacket(Request, 1).Authenticated().With(1, "host-1").WithNumber(55, Now + seconds).Asking());

        Assert.Equal(isTaken ? DisconnectVerdict.Revoked : DisconnectVerdict.TooOld, outcome.Verdict);
        Assert.Equal(isTaken, outcome.Answer is not null);
        Assert.Equal(isTaken ? 1 : 0, _revoked.Count);
    }

    [Fact]
    public async Task Replay_AfterTheHistoryForgot_IsTooOld()
    {
        byte[] request = Good(1).Asking();
        await HandleAsync(request);

        for (long now = Now; now <= Now + 700; now += 50)
            Assert.NotEqual(DisconnectVerdict.Revoked, (await _desk.HandleAsync(request, _server, now, default)).Verdict);
        Assert.Single(_revoked);
    }

    [Fact]
    public async Task Forgeries_OfEveryKind_GetNoAnswer()
    {
        byte[] good = Good(1).Asking();
        byte[] withoutAuthenticator = new TestPacket(Request, 1).With(1, "host-1").WithNumber(55, Now).Asking();
        Assert.Equal(DisconnectVerdict.NoMessageAuthenticator, await VerdictAsync(withoutAuthenticator));
        Assert.Equal(DisconnectVerdict.NotAuthentic, await VerdictAsync(Good(1).Asking("the other server's secret"u8.ToArray())));
        Assert.Equal(DisconnectVerdict.UnknownSource, await VerdictAsync(good, IPEndPoint.Parse("[2001:db8::54]:40000")));
        Assert.Equal(DisconnectVerdict.Malformed, await VerdictAsync([]));
        Assert.Equal(DisconnectVerdict.Malformed, await VerdictAsync(good[..^1]));
        Assert.Equal(DisconnectVerdict.Malformed, await VerdictAsync(new TestPacket(1, 1).Authenticated().With(1, "host-1").Asking()));
        for (int i = 0; i < good.Length; i++)
        {
            byte[] altered = [.. good];
            altered[i] ^= 1;
            Assert.True(await VerdictAsync(altered) is DisconnectVerdict.NotAuthentic or DisconnectVerdict.Malformed
                or DisconnectVerdict.NoMessageAuthenticator, $"octet {i}");
        }
        Assert.Empty(_revoked);
    }

    [Fact]
    public async Task Request_OfAServerOnIpv4_IsKnownByItsMappedAddress()
    {
        byte[] request = Good(1).Asking("the other server's secret"u8.ToArray());

        Assert.Equal(DisconnectVerdict.Revoked, await VerdictAsync(request, IPEndPoint.Parse("[::ffff:192.0.2.53]:1")));
    }

    [Fact]
    public async Task CoaRequest_IsNotDone()
    {
        byte[] request = new TestPacket(Coa, 9).Authenticated().With(1, "host-1").WithNumber(55, Now).Asking();

        await RefusedAsync(request, CoaNak, 406);
    }

    [Theory]
    [InlineData("no name", 402)]
    [InlineData("no time", 402)]
    [InlineData("two names", 407)]
    [InlineData("short time", 407)]
    [InlineData("another registrar", 403)]
    [InlineData("a session", 401)]
    [InlineData("authorize only", 401)]
    public async Task Request_ThatCannotBeDone_IsRefusedWithItsCause(string what, int cause)
    {
        TestPacket packet = new TestPacket(Request, 9).Authenticated();
        packet = what switch
        {
            "no name" => packet.WithNumber(55, Now),
            "no time" => packet.With(1, "host-1"),
            "two names" => packet.With(1, "host-1").With(1, "host-2").WithNumber(55, Now),
            "short time" => packet.With(1, "host-1").With(55, 1, 2, 3),
            "another registrar" => packet.With(1, "host-1").With(32, "another").WithNumber(55, Now),
            "a session" => packet.With(1, "host-1").With(44, "session 5").WithNumber(55, Now),
            _ => packet.With(1, "host-1").WithNumber(6, 17).WithNumber(55, Now),
        };

        await RefusedAsync(packet.Asking(), Nak, cause);
        Assert.Empty(_revoked);
    }

    [Fact]
    public async Task Participant_ThatNobodyKnows_IsRefusedWith503()
    {
        _storeSays = ErrorCause.SessionContextNotFound;

        await RefusedAsync(Good(9).Asking(), Nak, 503);
    }

    [Fact]
    public async Task Store_ThatWasAwayAndIsBack_DoesTheSameRequestThen()
    {
        byte[] request = Good(9).Asking();
        _storeSays = ErrorCause.ResourcesUnavailable;
        await RefusedAsync(request, Nak, 506);
        _storeSays = ErrorCause.None;

        Assert.Equal(DisconnectVerdict.Revoked, await VerdictAsync(request));
    }

    [Fact]
    public async Task MoreRequestsThanCanBeRemembered_AreRefusedUntilTimePasses()
    {
        for (int i = 0; i < AnswerHistory.Most; i++)
            await HandleAsync(new TestPacket(Request, i & 255).Authenticated().With(1, $"host-{i}").WithNumber(55, Now).Asking());
        Assert.Equal(AnswerHistory.Most, _revoked.Count);

        await RefusedAsync(Good(9).Asking(), Nak, 506);

        byte[] later = new TestPacket(Request, 9).Authenticated().With(1, "host-1").WithNumber(55, Now + 301).Asking();
        Assert.Equal(DisconnectVerdict.Revoked, (await _desk.HandleAsync(later, _server, Now + 301, default)).Verdict);
    }

    [Fact]
    public async Task ProxyStates_ThatFillThePacket_AllGoBack()
    {
        TestPacket packet = new TestPacket(Coa, 3).Authenticated();
        for (int i = 0; i < 15; i++)
            packet.With(33, new byte[253]);
        byte[] request = packet.With(33, new byte[4096 - 38 - (15 * 255) - 2]).Asking();
        Assert.Equal(4096, request.Length);

        byte[]? answer = (await HandleAsync(request)).Answer;

        Assert.Equal(4096, answer!.Length);
        Assert.Equal(CoaNak, answer[0]);
    }

    private static TestPacket Good(int identifier) =>
        new TestPacket(Request, identifier).Authenticated().With(1, "host-1").WithNumber(55, Now);

    private async Task RefusedAsync(byte[] request, int code, int cause)
    {
        DisconnectOutcome outcome = await HandleAsync(request);

        Assert.Equal(DisconnectVerdict.Refused, outcome.Verdict);
        Assert.Equal(
            new TestPacket(code, request[1]).Authenticated().WithNumber(101, cause).Answering(request.AsSpan(4, 16)), outcome.Answer);
    }

    private async Task<DisconnectVerdict> VerdictAsync(byte[] datagram, IPEndPoint? from = null) => (await HandleAsync(datagram, from)).Verdict;

    private Task<DisconnectOutcome> HandleAsync(byte[] datagram, IPEndPoint? from = null) =>
        _desk.HandleAsync(datagram, from ?? _server, Now, default);
}
