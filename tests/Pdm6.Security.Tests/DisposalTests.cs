using System.Security.Cryptography;
using Pdm6.Security.Options;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

/// <summary>
/// What is disposed while another thread uses it does its work whole or not at all. Key material that is zeroed under
/// somebody would seal under a schedule of zeros, which everybody has, and open what anybody sealed with it.
/// </summary>
[Collection(nameof(ContentionCollection))]
public sealed class DisposalTests : IDisposable
{
    // A long text, so that most disposals fall into the middle of a message.
    private const int TlvsSize = 8 * 1024;
    private const int Rounds = 40;
    private const uint Psntp = 77;
    private static readonly PdmMetrics s_metrics = new(1, 2, PdmTime.FromNanoseconds(3), PdmTime.FromNanoseconds(4));
    private static readonly FlowKey s_flow = new(
        Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("2001:db8::2"), NextHeader.Udp, 5353, 53);

    private readonly TemporaryKeyFile _key = new();
    private readonly byte[] _pairSecret = RandomNumberGenerator.GetBytes(KeyDerivation.SecretSize);

    public static TheoryData<bool> Modes => [.. AccelerationModes.All];

    public void Dispose() => _key.Dispose();

    [Theory]
    [MemberData(nameof(Modes))]
    public void FrameSealer_DisposedWhileSealing_MakesOnlyFramesThatOpen(bool accelerated)
    {
        byte[] tlvs = Padding(), frame = new byte[tlvs.Length + UdpFrame.SealedOverhead], opened = new byte[tlvs.Length];
        using FrameOpener opener = FrameOpener.FromKeyFile(_key.File, accelerated);
        DisposeWhileUsed(
            () => FrameSealer.FromKeyFile(_key.File, accelerated),
            sealer =>
            {
                Assert.True(sealer.TrySeal(default, tlvs, frame, out _));
                Assert.Equal(FrameOpenResult.Opened, opener.TryOpen(frame, opened, out _, out _));
            });
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void FrameOpener_DisposedWhileOpening_OpensWhatItOpens(bool accelerated)
    {
        byte[] tlvs = Padding(), frame = new byte[tlvs.Length + UdpFrame.SealedOverhead], opened = new byte[tlvs.Length];
        using FrameSealer sealer = FrameSealer.FromKeyFile(_key.File, accelerated);
        sealer.TrySeal(default, tlvs, frame, out _);
        DisposeWhileUsed(
            () => FrameOpener.FromKeyFile(_key.File, accelerated),
            opener =>
            {
                Assert.Equal(FrameOpenResult.Opened, opener.TryOpen(frame, opened, out _, out int size));
                Assert.Equal(tlvs, opened[..size]);
            });
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void PairOpener_DisposedWhileOpening_OpensWhatItOpens(bool accelerated)
    {
        byte[] option = new byte[Pdmv2OptionView.ProtectedSize], block = new byte[PdmMetrics.Size];
        using UnsafeExplicitNumberOptions sealer = UnsafeExplicitNumberOptions.FromPairSecret(_pairSecret, Suite.Aes256Gcm, 5);
        sealer.SealDestinationOption(s_flow, Pdmv2OptionView.DefaultOptionType, Psntp, s_metrics, option);
        DisposeWhileUsed(
            () => PairOpener.FromPairSecret(_pairSecret, Suite.Aes256Gcm, 5, accelerated),
            opener =>
            {
                Assert.True(opener.TryOpen(
                    s_flow, Carriage.DestinationOptionV2, Psntp, option.AsSpan(0, 8), option.AsSpan(8, 16),
                    option.AsSpan(24), block));
                Assert.Equal(s_metrics, PdmMetrics.Read(block));
            });
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void OptionSealer_DisposedWhileSealing_MakesOnlyTheOptionThatItIs(bool accelerated)
    {
        byte[] expected = new byte[Pdmv2OptionView.ProtectedSize], option = new byte[Pdmv2OptionView.ProtectedSize];
        UnsafeExplicitNumberOptions Create() =>
            UnsafeExplicitNumberOptions.FromPairSecret(_pairSecret, Suite.Aes256Gcm, 5, accelerated);
        void Seal(UnsafeExplicitNumberOptions sealer, byte[] to) =>
            sealer.SealDestinationOption(s_flow, Pdmv2OptionView.DefaultOptionType, Psntp, s_metrics, to);
        using (UnsafeExplicitNumberOptions sealer = Create())
            Seal(sealer, expected);
        DisposeWhileUsed(Create, sealer =>
        {
            Seal(sealer, option);
            Assert.Equal(expected, option);
        });
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void ShortAesGcm_DisposedWhileSealing_SealsUnderItsKeyOrLeavesZeros(bool accelerated)
    {
        Message message = Message.NewRandom(new Random(1), 32, associatedDataSize: 16, TlvsSize);
        byte[] ciphertext = new byte[TlvsSize], tag = new byte[ShortAesGcm.TagSize];
        DisposeWhileUsed(
            () => ShortAesGcm.Create(message.Key, accelerated),
            gcm =>
            {
                gcm.Seal(message.Nonce, message.AssociatedData, message.Plaintext, ciphertext, tag);
                Assert.Equal(message.Ciphertext, ciphertext);
                Assert.Equal(message.Tag, tag);
            },
            _ => Assert.True(
                ciphertext.AsSpan().SequenceEqual(message.Ciphertext) || !ciphertext.AsSpan().ContainsAnyExcept((byte)0)));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void ShortAesGcm_DisposedWhileOpening_OpensUnderItsKeyOrThrows(bool accelerated)
    {
        // One with the option's shape, which takes another way, and a long one.
        foreach (Message message in new[]
                 { Message.NewOption(new Random(2), 32), Message.NewRandom(new Random(3), 32, 16, TlvsSize) })
        {
            byte[] text = new byte[message.Plaintext.Length];
            DisposeWhileUsed(
                () => ShortAesGcm.Create(message.Key, accelerated),
                gcm =>
                {
                    Assert.True(gcm.TryOpen(message.Nonce, message.AssociatedData, message.Ciphertext, message.Tag, text));
                    Assert.Equal(message.Plaintext, text);
                });
        }
    }

    [Fact]
    public void ShortAesGcm_DisposedWhileOpeningFour_OpensUnderItsKeyOrThrows()
    {
        Message message = Message.NewOption(new Random(4), 32);
        byte[] option = [.. message.AssociatedData, .. message.Ciphertext, .. message.Tag];
        byte[] nonces = [.. message.Nonce, .. message.Nonce, .. message.Nonce, .. message.Nonce];
        byte[] options = [.. option, .. option, .. option, .. option], blocks = new byte[4 * PdmMetrics.Size];
        using ShortAesGcm other = ShortAesGcm.Create(message.Key);
        DisposeWhileUsed(
            () => ShortAesGcm.Create(message.Key),
            gcm => Assert.Equal(0b1111, ShortAesGcm.OpenFour([other, gcm, other, other], nonces, options, blocks)));
    }

    /// <summary>Uses it without a pause until it says that it is disposed, which another thread does meanwhile.</summary>
    private static void DisposeWhileUsed<T>(Func<T> create, Action<T> use, Action<T>? afterwards = null)
        where T : class, IDisposable
    {
        T subject = null!;
        int uses = 0, caught = 0;
        void UseUntilDisposed()
        {
            try
            {
                for (; ; Interlocked.Increment(ref uses))
                    use(subject);
            }
            catch (ObjectDisposedException)
            {
                caught++;
                afterwards?.Invoke(subject);
            }
        }
        void DisposeInTheMiddle()
        {
            Contention.SpinUntil(() => Volatile.Read(ref uses) > 2);
            subject.Dispose();
        }
        Contention.Run(
            Rounds,
            _ =>
            {
                subject = create();
                uses = 0;
            },
            [DisposeInTheMiddle, UseUntilDisposed]);
        Assert.Equal(Rounds, caught);
    }

    private static byte[] Padding()
    {
        byte[] tlvs = new byte[TlvsSize];
        Assert.True(new TlvWriter(tlvs).TryWrite(TlvType.Padding, new byte[TlvsSize - Tlv.HeaderSize]));
        return tlvs;
    }
}
