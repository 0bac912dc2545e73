using System.Security.Cryptography;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe.Frames;

/// <summary>Keys that nobody else has, for a prober and a reflector of this very process: derived as those of grants
/// are.</summary>
internal sealed class OwnFrameKeys : IFrameKeys, IDisposable
{
    private const int Requests = 0, Replies = 1; // epochs, so that each direction has a key

    private readonly AskingKeys _asking;
    private readonly AnsweringKeys _answering;

    /// <param name="address">Both ends.</param>
    /// <param name="nowUnixNs">Unix time.</param>
    internal OwnFrameKeys(Ipv6Address address, ulong nowUnixNs)
    {
        using FrameSenderContext context = FrameSenderContext.Begin(
            Suite.Aes256Gcm, EpochTimetable.NewRandom(nowUnixNs, EpochTimetable.DefaultLengthNs));
        byte[] secret = new byte[KeyDerivation.SecretSize];
        context.WritePairSecret(address, address, secret);
        FrameOpener OpenerOf(int index) => FrameOpener.FromPairSecret(secret, context.Suite, context.Timetable.EpochOf(index));
        (FrameOpener requests, FrameOpener replies) = (OpenerOf(Requests), OpenerOf(Replies));
        CryptographicOperations.ZeroMemory(secret);
        _asking = new AskingKeys(context.Sealer(address, address, Requests), replies);
        _answering = new AnsweringKeys(requests, context.Sealer(address, address, Replies), id: 0);
    }

    public AskingKeys ForTarget(ProbeTarget target) => _asking;

    public IReadOnlyList<AnsweringKeys> ForSender(Ipv6Address source, Ipv6Address destination) => [_answering];

    public void Dispose()
    {
        _asking.Dispose();
        _answering.Dispose();
    }
}
