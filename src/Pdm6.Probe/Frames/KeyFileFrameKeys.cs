using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Probe.Frames;

/// <summary>One key file that all share.</summary>
internal sealed class KeyFileFrameKeys(KeyFile key) : IFrameKeys, IDisposable
{
    private AnsweringKeys[]? _answering;

    public AskingKeys ForTarget(ProbeTarget target) => new(FrameSealer.FromKeyFile(key), FrameOpener.FromKeyFile(key));

    public IReadOnlyList<AnsweringKeys> ForSender(Ipv6Address source, Ipv6Address destination) =>
        _answering ??= [new AnsweringKeys(FrameOpener.FromKeyFile(key), FrameSealer.FromKeyFile(key), id: 0)];

    public void Dispose()
    {
        foreach (AnsweringKeys keys in _answering ?? [])
            keys.Dispose();
    }
}
