using System.Net;
using System.Net.Sockets;
using Pdm6.Registration.Addresses;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Tests.Addresses;

public sealed class AddressCheckTests : IDisposable
{
    private static readonly Ipv6Address s_loopback = Ipv6Address.Parse("::1");
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_impatience = TimeSpan.FromMilliseconds(10);

    private readonly CertificateAuthority _authority = CertificateAuthority.Create("authority", DateTimeOffset.UtcNow.AddDays(-1));
    private readonly IdentityKey _owner = IdentityKey.Generate();
    private readonly IdentityKey _other = IdentityKey.Generate();

    public void Dispose()
    {
        _authority.Dispose();
        _owner.Dispose();
        _other.Dispose();
    }

    private ParticipantCertificate Certificate(IdentityKey key)
    {
        Assert.True(ParticipantRequest.TryParse(key.CreateRequest("host"), out ParticipantRequest? request, out _));
        byte[] der = _authority.Issue(
            request, Role.Endpoint, "host", [], DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        Assert.True(ParticipantCertificate.TryParse(der, out ParticipantCertificate? certificate, out _));
        return certificate;
    }

    private static AddressCheckResponder Responder(IdentityKey identity, TimeProvider? time = null) =>
        AddressCheckResponder.Start(identity, s_loopback, time ?? TimeProvider.System, port: 0);

    [Fact]
    public async Task Ask_OwnerAnswers_IsConfirmed()
    {
        await using AddressCheckResponder responder = Responder(_owner);
        Assert.Equal(AddressCheckResult.Confirmed, await AddressCheck.AskAsync(
            s_loopback, s_loopback, Certificate(_owner), s_patience, responder.Port, CancellationToken.None));
    }

    [Fact]
    public async Task Ask_SomebodyElseAnswers_IsAnotherIdentity()
    {
        await using AddressCheckResponder responder = Responder(_other);
        Assert.Equal(AddressCheckResult.AnotherIdentity, await AddressCheck.AskAsync(
            s_loopback, s_loopback, Certificate(_owner), s_impatience, responder.Port, CancellationToken.None));
    }

    [Fact]
    public async Task Ask_NobodyThere_IsNoAnswer()
    {
        using Socket silent = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        int port = ((IPEndPoint)silent.LocalEndPoint!).Port;
        Assert.Equal(AddressCheckResult.NoAnswer, await AddressCheck.AskAsync(
            s_loopback, s_loopback, Certificate(_owner), s_impatience, port, CancellationToken.None));
        silent.Close();
        Assert.Equal(AddressCheckResult.NoAnswer, await AddressCheck.AskAsync(
            s_loopback, s_loopback, Certificate(_owner), s_impatience, port, CancellationToken.None));
    }

    [Fact]
    public void Reply_IsShorterThanItsRequest() =>
        Assert.True(AddressCheckFormat.ReplySize < AddressCheckFormat.RequestSize);

    [Fact]
    public void Reply_EveryBitOfIt_Counts()
    {
        byte[] request = AddressCheckFormat.NewRequest();
        byte[] reply = AddressCheckFormat.Reply(request, _owner, s_loopback, s_loopback);
        ParticipantCertificate owner = Certificate(_owner);
        bool Confirms() => AddressCheckFormat.IsReplyTo(reply, request) && AddressCheckFormat.IsBy(owner, reply, s_loopback, s_loopback);
        Assert.True(Confirms());
        for (int octet = 0; octet < reply.Length; octet++)
        {
            reply[octet] ^= 0x10;
            Assert.False(Confirms(), $"octet {octet}");
            reply[octet] ^= 0x10;
        }
    }

    [Theory]
    [InlineData("::2", "::1")]
    [InlineData("::1", "::2")]
    public void Reply_ForOtherAddresses_IsNotTheOwners(string address, string asker)
    {
        byte[] reply = AddressCheckFormat.Reply(AddressCheckFormat.NewRequest(), _owner, s_loopback, s_loopback);
        Assert.False(AddressCheckFormat.IsBy(Certificate(_owner), reply, Ipv6Address.Parse(address), Ipv6Address.Parse(asker)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(511)]
    [InlineData(513)]
    public async Task Responder_DatagramOfAnotherSize_IsSilent(int size)
    {
        byte[] datagram = new byte[size];
        AddressCheckFormat.NewRequest().AsSpan(0, Math.Min(size, AddressCheckFormat.RequestSize)).CopyTo(datagram);
        await AssertSilentAsync(datagram);
    }

    [Fact]
    public async Task Responder_ReplyOfAnotherResponder_IsSilent() =>
        await AssertSilentAsync(AddressCheckFormat.Reply(AddressCheckFormat.NewRequest(), _other, s_loopback, s_loopback));

    [Fact]
    public async Task Responder_AskedTooOften_AnswersTheBurstAlone()
    {
        await using AddressCheckResponder responder = Responder(_owner, new StoppedTime());
        using Socket asker = Asker(responder);
        for (int asked = 0; asked < 60; asked++)
            await asker.SendAsync(AddressCheckFormat.NewRequest());
        Assert.Equal(20, await CountAnswersAsync(asker, atLeast: 20));
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(1, 5)]
    [InlineData(3600, 20)]
    public void Rates_AfterABurst_GrowBackWithTime(int seconds, int expected)
    {
        StoppedTime time = new();
        SourceRates rates = AddressCheckResponder.RatesOf(time);
        if (seconds > 0)
            Assert.Equal(20, Enumerable.Range(0, 100).Count(_ => rates.Admit(s_loopback)));
        time.Seconds += seconds;
        Assert.Equal(expected, Enumerable.Range(0, 100).Count(_ => rates.Admit(s_loopback)));
    }

    [Fact]
    public void Rates_ManySources_AreAdmittedTogetherUpToTheBurstOfAll()
    {
        SourceRates rates = AddressCheckResponder.RatesOf(new StoppedTime());
        Assert.Equal(400, Enumerable.Range(1, 5000).Count(network => rates.Admit(new Ipv6Address((UInt128)network << 64))));
    }

    private async Task AssertSilentAsync(byte[] datagram)
    {
        await using AddressCheckResponder responder = Responder(_owner);
        using Socket asker = Asker(responder);
        byte[] good = AddressCheckFormat.NewRequest();
        await asker.SendAsync(datagram);
        await asker.SendAsync(good);
        // The good one comes behind the other: its answer is the first.
        byte[] answer = new byte[1024];
        int size = await asker.ReceiveAsync(answer).WaitAsync(s_patience);
        Assert.True(AddressCheckFormat.IsReplyTo(answer.AsSpan(0, size), good));
    }

    private static Socket Asker(AddressCheckResponder responder)
    {
        Socket asker = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        asker.Connect(IPAddress.IPv6Loopback, responder.Port);
        return asker;
    }

    /// <summary>Answers, until there are that many and then none for a moment.</summary>
    private static async Task<int> CountAnswersAsync(Socket asker, int atLeast)
    {
        byte[] answer = new byte[1024];
        int count = 0;
        while (true)
        {
            using CancellationTokenSource patience = new(count < atLeast ? s_patience : TimeSpan.FromMilliseconds(200));
            try
            {
                await asker.ReceiveAsync(answer, patience.Token);
                count++;
            }
            catch (OperationCanceledException)
            {
                return count;
            }
        }
    }

    private sealed class StoppedTime : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
