using System.Collections.Concurrent;

namespace Pdm6.Security.Tests;

public sealed class HpkeContextTests : IDisposable
{
    private readonly HpkePrivateKey _key = HpkePrivateKey.Generate(HpkeKem.DhkemP256HkdfSha256);
    private readonly HpkeSender _sender;
    private readonly HpkeRecipient _recipient;

    public HpkeContextTests() => (_sender, _recipient) = SetUp(HpkeSuite.Mandatory);

    public void Dispose()
    {
        _sender.Dispose();
        _recipient.Dispose();
        _key.Dispose();
    }

    [Fact]
    public void TryOpen_MessagesOutOfOrder_WaitsForTheNext()
    {
        byte[] first = _sender.Seal([], [1]), second = _sender.Seal([], [2]);
        byte[] text = new byte[1];
        Assert.False(_recipient.TryOpen([], second, text, out _));
        Assert.True(_recipient.TryOpen([], first, text, out _));
        Assert.False(_recipient.TryOpen([], first, text, out _)); // played again
        Assert.True(_recipient.TryOpen([], second, text, out _));
        Assert.Equal([2], text);
    }

    [Fact]
    public void Seal_AtTheLastNumber_IsTheLastMessage()
    {
        _sender.Context.Sequence = _recipient.Context.Sequence = ulong.MaxValue - 1;
        byte[] last = _sender.Seal([], [1]);
        Assert.True(_recipient.TryOpen([], last, new byte[1], out _));
        Assert.Throws<InvalidOperationException>(() => _sender.Seal([], [1]));
        Assert.False(_recipient.TryOpen([], last, new byte[1], out _));
    }

    [Fact]
    public void Seal_SeveralThreads_UsesEachNumberOnce()
    {
        const int threads = 4, each = 500;
        ConcurrentBag<byte[]> messages = [];
        Parallel.For(0, threads, _ =>
        {
            for (int i = 0; i < each; i++)
                messages.Add(_sender.Seal([], new byte[16])); // equal texts: equal numbers would give equal messages
        });
        Assert.Equal(threads * each, messages.Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal((ulong)(threads * each), _sender.Context.Sequence);
    }

    [Fact]
    public void PublicKeyAndPrivateKey_SeveralThreads_SealAndOpen() => Parallel.For(0, 64, i =>
    {
        byte[] text = [(byte)i], opened = new byte[1];
        byte[] ciphertext = Hpke.SealBase(HpkeSuite.Mandatory, _key.PublicKey, [], [], text, out byte[] encapsulation);
        Assert.True(Hpke.TryOpenBase(HpkeSuite.Mandatory, _key, encapsulation, [], [], ciphertext, opened, out _));
        Assert.Equal(text, opened);
    });

    [Fact]
    public void Export_BothEnds_AgreeForEachContextAndLength()
    {
        HashSet<string> secrets = [];
        foreach ((byte[] context, int size) in new[] { (Array.Empty<byte>(), 32), ([1], 32), ([1], 33), (new byte[5000], 32) })
        {
            byte[] sent = new byte[size], received = new byte[size];
            _sender.Export(context, sent);
            _recipient.Export(context, received);
            Assert.Equal(sent, received);
            Assert.True(secrets.Add(Convert.ToHexString(sent.AsSpan(0, 32))));
        }
    }

    [Fact]
    public void Export_MoreThanTheKdfGives_Throws()
    {
        _sender.Export([], new byte[255 * 32]);
        Assert.Throws<ArgumentException>(() => _sender.Export([], new byte[255 * 32 + 1]));
    }

    [Fact]
    public void ExportOnly_SealAndOpen_Throw()
    {
        (HpkeSender sender, HpkeRecipient recipient) = SetUp(HpkeSuite.Mandatory with { Aead = HpkeAead.ExportOnly });
        using (sender)
        using (recipient)
        {
            byte[] sent = new byte[32], received = new byte[32];
            sender.Export([], sent);
            recipient.Export([], received);
            Assert.Equal(sent, received);
            Assert.Throws<InvalidOperationException>(() => sender.Seal([], [1]));
            Assert.Throws<InvalidOperationException>(() => recipient.TryOpen([], new byte[17], new byte[1], out _));
        }
    }

    [Fact]
    public void DisposedContext_AnyUse_ThrowsAndHoldsNoSecret()
    {
        _sender.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _sender.Seal([], [1]));
        Assert.Throws<ObjectDisposedException>(() => _sender.Export([], new byte[32]));
        Assert.False(_sender.Context.ExporterSecret.ContainsAnyExcept((byte)0));
        Assert.False(_sender.Context.BaseNonce.ContainsAnyExcept((byte)0));
    }

    private (HpkeSender Sender, HpkeRecipient Recipient) SetUp(HpkeSuite suite)
    {
        HpkeSender sender = HpkeSender.SetupBase(suite, _key.PublicKey, [9]);
        Assert.True(HpkeRecipient.TrySetupBase(suite, _key, sender.Encapsulation, [9], out HpkeRecipient? recipient));
        return (sender, recipient);
    }
}
