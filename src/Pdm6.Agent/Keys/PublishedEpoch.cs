using Pdm6.Datapath;
using Pdm6.Security;

namespace Pdm6.Agent.Keys;

/// <summary>An epoch in the kernel, and whose it is.</summary>
/// <param name="Context">The context's announcement.</param>
/// <param name="Index">Its place in the timetable.</param>
/// <param name="StartNs">When it begins by the timetable, boot clock.</param>
/// <param name="Keys">The kernel's map.</param>
internal sealed record PublishedEpoch(Announcement Context, long Index, ulong StartNs, SendingEpoch Keys);
