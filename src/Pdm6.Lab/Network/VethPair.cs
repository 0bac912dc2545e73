namespace Pdm6.Lab;

/// <summary>A cable between two namespaces. It goes when either namespace goes.</summary>
/// <param name="First">One end.</param>
/// <param name="Second">The other end.</param>
public sealed record VethPair(LinkEnd First, LinkEnd Second)
{
    /// <summary>Creates the cable and brings both ends up.</summary>
    /// <exception cref="CommandFailedException">The kernel refused, for example because a name is taken.</exception>
    public static VethPair Create(LinkEnd first, LinkEnd second)
    {
        CommandLine.Of(
            "ip", "link", "add", first.Interface, "netns", first.Namespace.Name, "type", "veth",
            "peer", "name", second.Interface, "netns", second.Namespace.Name).Run();
        first.Namespace.Ip("link", "set", first.Interface, "up");
        second.Namespace.Ip("link", "set", second.Interface, "up");
        return new VethPair(first, second);
    }
}
