using System.Net;

namespace Pdm6.Collector;

/// <summary>A registrar inside the collector: the usual thing where one machine does all.</summary>
/// <param name="Data">Its data directory. The collector's identity is in <c>collector</c> there.</param>
/// <param name="Listen">Where participants reach it.</param>
public sealed record EmbeddedRegistrar(string Data, IPEndPoint Listen)
{
    /// <summary>Names and addresses of this host, beyond those of <see cref="Listen"/>, that the registrar's certificate
    /// carries.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
}
