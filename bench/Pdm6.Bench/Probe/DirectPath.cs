using Pdm6.Lab;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>Two hosts (network namespaces) on one cable (veth).</summary>
internal sealed class DirectPath : IDisposable
{
    private const string Interface = "probe0";
    private const int PrefixLength = 64;

    public DirectPath()
    {
        Asking = NetworkNamespace.Create(new NamespaceName(Environment.ProcessId, byte.MaxValue - 1, "asking"));
        try
        {
            Answering = NetworkNamespace.Create(new NamespaceName(Environment.ProcessId, byte.MaxValue - 1, "answering"));
        }
        catch
        {
            Asking.Dispose();
            throw;
        }
        VethPair link = VethPair.Create(new LinkEnd(Asking, Interface), new LinkEnd(Answering, Interface));
        link.First.AddAddress(AskingAddress, PrefixLength);
        link.Second.AddAddress(AnsweringAddress, PrefixLength);
        link.First.AddNeighbour(AnsweringAddress, link.Second.HardwareAddress);
        link.Second.AddNeighbour(AskingAddress, link.First.HardwareAddress);
    }

    public static Ipv6Address AskingAddress { get; } = Ipv6Address.Parse("2001:db8:3::1");

    public static Ipv6Address AnsweringAddress { get; } = Ipv6Address.Parse("2001:db8:3::2");

    public NetworkNamespace Asking { get; }

    public NetworkNamespace Answering { get; }

    public void Dispose()
    {
        Asking.Dispose();
        Answering.Dispose();
    }
}
