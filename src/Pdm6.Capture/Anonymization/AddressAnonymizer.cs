using System.Security.Cryptography;
using Pdm6.Wire;

namespace Pdm6.Capture.Anonymization;

/// <summary>
/// Maps addresses to others, one to one, so that two addresses share as long a prefix afterwards as before, and no
/// longer (Crypto-PAn: Xu, Fan, Ammar and Moon, "Prefix-Preserving IP Address Anonymization", ICNP 2002, for 128 bits).
/// Bit i is flipped or not as a keyed function of the i bits before it says:
/// <code>
/// flip(i) = highest bit of AES-128(key, bits 0..i-1 of the address || the rest of the pad)
/// pad     = AES-128(key, second half of the secret)
/// </code>
/// What says nothing about a host stays: loopback, the unspecified address, multicast groups, and the prefixes of
/// link-local addresses.
/// </summary>
public sealed class AddressAnonymizer : IDisposable
{
    /// <summary>Octets of the secret.</summary>
    public const int SecretSize = 32;

    private const int AddressBits = 128;
    private const int LinkLocalBits = 64;
    private const int SolicitedNodeBits = 104;
    private const int MostRemembered = 1 << 20;
    private static readonly UInt128 s_solicitedNode = Ipv6Address.Parse("ff02::1:ff00:0").Value;

    private readonly Aes _aes = Aes.Create();
    private readonly UInt128 _pad;
    private readonly Dictionary<Ipv6Address, Ipv6Address> _known = [];
    private readonly byte[] _inputs = new byte[AddressBits * Ipv6Address.Size];
    private readonly byte[] _outputs = new byte[AddressBits * Ipv6Address.Size];

    /// <param name="secret">32 octets. Who has them can undo the mapping.</param>
    /// <exception cref="ArgumentException">The secret has another length.</exception>
    public AddressAnonymizer(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != SecretSize)
            throw new ArgumentException($"The secret has {SecretSize} octets.", nameof(secret));
        byte[] key = secret[..Ipv6Address.Size].ToArray();
        _aes.Key = key;
        CryptographicOperations.ZeroMemory(key);
        Span<byte> pad = stackalloc byte[Ipv6Address.Size];
        _aes.EncryptEcb(secret[Ipv6Address.Size..], pad, PaddingMode.None);
        _pad = Ipv6Address.Read(pad).Value;
    }

    /// <summary>The address that stands for another.</summary>
    public Ipv6Address Map(Ipv6Address address)
    {
        if (_known.TryGetValue(address, out Ipv6Address mapped))
            return mapped;
        int kept = KeptBits(address);
        mapped = kept == AddressBits ? address : new Ipv6Address(address.Value ^ (Flips(address.Value) & (UInt128.MaxValue >> kept)));
        if (_known.Count == MostRemembered)
            _known.Clear();
        return _known[address] = mapped;
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _aes.Dispose();

    /// <summary>Leading bits that stay.</summary>
    private static int KeptBits(Ipv6Address address)
    {
        if (address.Value <= UInt128.One)
            return AddressBits;
        if (address.IsMulticast)
            // A solicited-node group is the end of somebody's address.
            return (address.Value ^ s_solicitedNode) >> (AddressBits - SolicitedNodeBits) == UInt128.Zero ? SolicitedNodeBits : AddressBits;
        return address.IsLinkLocal ? LinkLocalBits : 0;
    }

    private UInt128 Flips(UInt128 address)
    {
        for (int i = 0; i < AddressBits; i++)
        {
            UInt128 prefix = i == 0 ? UInt128.Zero : UInt128.MaxValue << (AddressBits - i);
            new Ipv6Address((address & prefix) | (_pad & ~prefix)).Write(_inputs.AsSpan(i * Ipv6Address.Size));
        }
        _aes.EncryptEcb(_inputs, _outputs, PaddingMode.None);
        UInt128 flips = 0;
        for (int i = 0; i < AddressBits; i++)
            flips = flips << 1 | (uint)(_outputs[i * Ipv6Address.Size] >> 7);
        return flips;
    }
}
