using Pdm6.Security;
using Pdm6.Security.Identity;

namespace Pdm6.Probe.Registered;

/// <summary>A pair secret that was granted to this host, opened.</summary>
/// <param name="Pair">From the far host to this one.</param>
/// <param name="Sender">Who granted it.</param>
/// <param name="Opener">Opens its frames. Whoever takes the grant disposes of it.</param>
/// <param name="EndsAtUnixNs">When its context ends, Unix time.</param>
internal sealed record UsableGrant(FramePair Pair, Fingerprint Sender, FrameOpener Opener, ulong EndsAtUnixNs);
