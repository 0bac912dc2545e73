using Pdm6.Security;

namespace Pdm6.Probe.Frames;

/// <summary>What a reflector needs to answer one sender, or all that have one key file.</summary>
/// <param name="opener">Opens requests.</param>
/// <param name="sealer">Seals replies.</param>
/// <param name="id">Tells these keys from all others that this reflector ever has.</param>
/// <param name="endsAtUnixNs">From when on nothing is sealed, Unix time.</param>
public sealed class AnsweringKeys(FrameOpener opener, FrameSealer sealer, ulong id, ulong endsAtUnixNs = ulong.MaxValue) : IDisposable
{
    internal FrameOpener Opener => opener;

    internal FrameSealer Sealer => sealer;

    internal ulong Id => id;

    internal ulong EndsAtUnixNs => endsAtUnixNs;

    /// <inheritdoc/>
    public void Dispose()
    {
        opener.Dispose();
        sealer.Dispose();
    }
}
