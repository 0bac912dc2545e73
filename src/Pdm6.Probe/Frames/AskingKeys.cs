using Pdm6.Security;

namespace Pdm6.Probe.Frames;

/// <summary>What a prober needs to ask one target.</summary>
/// <param name="sealer">Seals requests.</param>
/// <param name="opener">Opens replies.</param>
/// <param name="run">Tells this run from others with the same sealer; 0 for a sealer that has one run only.</param>
public sealed class AskingKeys(FrameSealer sealer, FrameOpener opener, ulong run = 0) : IDisposable
{
    internal FrameSealer Sealer => sealer;

    internal FrameOpener Opener => opener;

    internal ulong Run => run;

    /// <summary>Ends the use of keys that belong to this run alone.</summary>
    public void Dispose()
    {
        if (run != 0)
            return;
        sealer.Dispose();
        opener.Dispose();
    }
}
