using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pdm6.Registration.Server;

/// <summary>What counts as one client when nobody knows who it is: a /64, because a host can have all addresses of one;
/// or one IPv4 address.</summary>
/// <param name="Bits">The network's bits.</param>
/// <param name="IsIpv4">Of which kind.</param>
internal readonly record struct ClientNetwork(ulong Bits, bool IsIpv4)
{
    public static ClientNetwork Of(IPAddress? address)
    {
        Span<byte> octets = stackalloc byte[16];
        octets.Clear();
        if (address is null)
            return default;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        address.TryWriteBytes(octets, out _);
        return new ClientNetwork(
            BinaryPrimitives.ReadUInt64BigEndian(octets), address.AddressFamily == AddressFamily.InterNetwork);
    }
}
