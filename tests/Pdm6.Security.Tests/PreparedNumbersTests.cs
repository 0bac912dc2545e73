using System.Buffers.Binary;
using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Security.Tests;

/// <summary>What is made ahead for a number seals its option as AES-GCM does (NIST SP 800-38D).</summary>
public class PreparedNumbersTests
{
    private const byte OptionType = 0x1e;

    private static readonly FlowKey s_flow = new(
        Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("2001:db8::2"), NextHeader.Udp, 5353, 53);

    [Theory]
    [InlineData(16, Carriage.DestinationOptionV2)]
    [InlineData(32, Carriage.DestinationOptionV2)]
    [InlineData(16, Carriage.UdpOption)]
    [InlineData(32, Carriage.UdpOption)]
    public void KeystreamMaskAndProducts_OfManyNumbers_SealAsThePlatformDoes(int keySize, Carriage carriage)
    {
        const int count = 300;
        const ushort epoch = 0xabc;
        const uint first = uint.MaxValue - 100; // the numbers go round
        byte[] key = RandomNumberGenerator.GetBytes(keySize), baseNonce = RandomNumberGenerator.GetBytes(Nonce.Size);
        byte[] products = new byte[PreparedNumbers.ProductsSize], numbers = new byte[count * PreparedNumbers.NumberSize];
        using (PreparedNumbers prepared = carriage == Carriage.UdpOption
            ? PreparedNumbers.ForUdpOptions(key, baseNonce, s_flow, epoch, UdpOption.DefaultExId)
            : new PreparedNumbers(key, baseNonce, s_flow, epoch, OptionType))
        {
            prepared.WriteProducts(products);
            prepared.WriteNumbers(first, numbers);
        }
        using AesGcm platform = new(key, Aead.TagSize);
        for (uint i = 0; i < count; i++)
        {
            byte[] metrics = RandomNumberGenerator.GetBytes(PdmMetrics.Size), ciphertext = new byte[PdmMetrics.Size];
            byte[] tag = new byte[Aead.TagSize], nonce = new byte[Nonce.Size];
            Nonce.Build(baseNonce, s_flow, carriage, epoch, first + i, nonce);
            platform.Encrypt(nonce, metrics, ciphertext, tag, AssociatedData(carriage, epoch, first + i));

            (byte[] Ciphertext, byte[] Tag) actual = Seal(metrics, numbers.AsSpan((int)i * PreparedNumbers.NumberSize), products);

            Assert.Equal(ciphertext, actual.Ciphertext);
            Assert.Equal(tag, actual.Tag);
        }
    }

    [Fact]
    public void Epoch_OfMoreThanTwelveBits_IsACallersMistake() => Assert.ThrowsAny<ArgumentException>(
        () => new PreparedNumbers(new byte[32], new byte[Nonce.Size], s_flow, 0x1000, OptionType));

    // As bpf/pdm6_lane.h does it.
    private static (byte[] Ciphertext, byte[] Tag) Seal(ReadOnlySpan<byte> metrics, ReadOnlySpan<byte> number, ReadOnlySpan<byte> products)
    {
        byte[] ciphertext = new byte[PdmMetrics.Size], tag = number[PdmMetrics.Size..PreparedNumbers.NumberSize].ToArray();
        for (int i = 0; i < ciphertext.Length; i++)
        {
            ciphertext[i] = (byte)(metrics[i] ^ number[i]);
            Add(tag, products[((2 * i * 16 + (ciphertext[i] & 15)) * 16)..]);
            Add(tag, products[(((2 * i + 1) * 16 + (ciphertext[i] >> 4)) * 16)..]);
        }
        return (ciphertext, tag);
    }

    private static void Add(byte[] sum, ReadOnlySpan<byte> product)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] ^= product[i];
    }

    private static byte[] AssociatedData(Carriage carriage, ushort epoch, uint psntp)
    {
        byte[] octets = carriage == Carriage.UdpOption
            ? [127, 42, UdpOption.DefaultExId >> 8, UdpOption.DefaultExId & 0xff, 0, 0, 0, 0, 0, 0]
            : [OptionType, Pdmv2OptionView.ProtectedSize - 2, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(^6), (ushort)(2 << 12 | epoch));
        BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(^4), psntp);
        return octets;
    }
}
