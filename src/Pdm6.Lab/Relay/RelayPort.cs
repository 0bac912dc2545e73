namespace Pdm6.Lab;

/// <summary>One of the relay's two interfaces.</summary>
public sealed record RelayPort
{
    /// <summary>The interface's name in the namespace that the relay runs in.</summary>
    public required string Interface { get; init; }

    /// <summary>Ethernet address of the host at the other end of the link, as in "02:00:00:00:00:01".</summary>
    public required string NextHop { get; init; }

    /// <summary>The router's port on <paramref name="link"/>, whose first end is the host's.</summary>
    public static RelayPort To(VethPair link) => new()
    {
        Interface = link.Second.Interface,
        NextHop = link.First.HardwareAddress,
    };

    internal void Validate(string name)
    {
        if (Interface.Length is 0 or > 15)
            throw new RelayConfigurationException($"{name}.interface must be the name of a network interface.");
        if (!System.Net.NetworkInformation.PhysicalAddress.TryParse(NextHop, out var parsed) || parsed.GetAddressBytes().Length != 6)
            throw new RelayConfigurationException($"{name}.nextHop must be an Ethernet address such as 02:00:00:00:00:01.");
    }
}
