using Pdm6.Security;

namespace Pdm6.Probe.Frames;

/// <summary>What a prober needs to ask one target.</summary>
/// <param name="sealer">Seals requests.</param>
/// <param name="opener">Opens replies.</param>
/// <param name="run">Tells this run from others with the same keys, which whoever made them disposes of; 0 for keys that
/// belong to this run alone.</param>
/// <param name="endsAtUnixNs">From when on nothing is sealed, Unix time.</param>
public sealed class AskingKeys(FrameSealer sealer, FrameOpener opener, ulong run = 0, ulong endsAtUnixNs = ulong.MaxValue) : IDisposable
{
    internal FrameSealer Sealer => sealer;

    internal FrameOpener Opener => opener;

    internal ulong Run => run;

    internal ulong EndsAtUnixNs => endsAtUnixNs;

    /// <summary>Ends the use of keys that belong to this run alone.</summary>
    public void Dispose()
    {
        if (run != 0)
            return;
        sealer.Dispose();
        opener.Dispose();
    }
}
