using System.Net;
using Pdm6.Wire;

namespace Pdm6.Probe.Native;

/// <summary>Where a datagram comes from or goes to.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The port.</param>
/// <param name="ScopeId">Index of the interface of a link-local address; 0 for all others.</param>
internal readonly record struct Endpoint(Ipv6Address Address, ushort Port, uint ScopeId = 0)
{
    internal static Endpoint From(in SocketAddress address) => new(
        Ipv6Address.Read(address.Address), (ushort)IPAddress.NetworkToHostOrder((short)address.PortNetworkOrder), address.ScopeId);

    /// <summary>The address as the kernel takes it, with a flow label of 20 bits (0: the kernel chooses).</summary>
    internal SocketAddress ToSocketAddress(uint flowLabel)
    {
        SocketAddress address = new()
        {
            Family = Libc.AddressFamilyInet6,
            PortNetworkOrder = (ushort)IPAddress.HostToNetworkOrder((short)Port),
            FlowInfoNetworkOrder = (uint)IPAddress.HostToNetworkOrder((int)flowLabel),
            ScopeId = ScopeId,
        };
        Address.Write(address.Address);
        return address;
    }

    public override string ToString() => $"[{Address}]:{Port}";
}
