using System.Security.Cryptography;
using System.Text;
using Pdm6.Lab;

namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>Something that applications on client and server do with each other, the same every time.</summary>
/// <param name="Name">The exchange, and the agents' rule that chooses its packets.</param>
internal abstract record Exchange(string Name)
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The agents' rule.</summary>
    internal abstract object Rule { get; }

    /// <summary>Runs the exchange; the answer tells every octet that either side received.</summary>
    internal abstract Task<string> RunAsync(Laboratory hosts);

    /// <summary>What the client's agent must have counted; null where that depends on how TCP cut its stream.</summary>
    internal virtual Counts? ClientCounts(int pathMtu) => null;

    /// <summary>What the server's agent must have counted; null like <see cref="ClientCounts"/>.</summary>
    internal virtual Counts? ServerCounts(int pathMtu) => ClientCounts(pathMtu);

    protected static object RuleFor(string name, string protocol, params int[] ports) => ports.Length == 0
        ? new { name, destinations = (string[])["2001:db8::/32"], protocols = (string[])[protocol] }
        : new { name, destinations = (string[])["2001:db8::/32"], protocols = (string[])[protocol], ports };

    protected static byte[] Body(int octets)
    {
        byte[] body = new byte[octets];
        ReproducibleBody.Fill(body, 0);
        return body;
    }

    /// <summary>Adds a message to a hash in such a way that its limits count.</summary>
    protected static void Append(IncrementalHash hash, ReadOnlySpan<byte> message)
    {
        hash.AppendData(Encoding.ASCII.GetBytes($"{message.Length}:"));
        hash.AppendData(message);
    }

    protected static string Text(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
