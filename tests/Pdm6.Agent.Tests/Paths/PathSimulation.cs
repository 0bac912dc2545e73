using Pdm6.Agent.Paths;
using Pdm6.Datapath;

namespace Pdm6.Agent.Tests.Paths;

/// <summary>A <see cref="WatchedPath"/> and a network that drops what it is told to, in simulated time.</summary>
internal sealed class PathSimulation(WatchedForms forms)
{
    internal const ulong MillisecondNs = 1_000_000, SecondNs = 1000 * MillisecondNs;

    private readonly PriorityQueue<(ProbeBurst Burst, PathForm Form), ulong> _underWay = new();

    internal WatchedPath Path { get; } = new(forms, 1000 * SecondNs);

    /// <summary>Now.</summary>
    internal ulong NowNs { get; private set; } = 1000 * SecondNs;

    /// <summary>What the network drops.</summary>
    internal Func<PathForm, bool> Drops { get; set; } = _ => false;

    /// <summary>How long an answer takes.</summary>
    internal ulong RoundTripNs { get; set; } = 20 * MillisecondNs;

    /// <summary>All that was sent.</summary>
    internal List<(ulong AtNs, PathForm Form)> Sent { get; } = [];

    /// <summary>When what is lost changed, and to what.</summary>
    internal List<(ulong AtNs, LostForms Lost)> Changes { get; } = [];

    /// <summary>Time passes.</summary>
    internal void Run(ulong forNs)
    {
        for (ulong end = NowNs + forNs; NowNs < end; NowNs += 5 * MillisecondNs)
        {
            while (_underWay.TryPeek(out (ProbeBurst Burst, PathForm Form) answer, out ulong arrives) && arrives <= NowNs)
            {
                _underWay.Dequeue();
                Path.Answer(answer.Burst, answer.Form, RoundTripNs);
            }
            LostForms before = Path.Lost;
            if (Path.NextNs <= NowNs && Path.Advance(NowNs, out ProbeBurst? burst))
                foreach (PathForm form in burst!.Forms)
                {
                    Sent.Add((NowNs, form));
                    if (!Drops(form))
                        _underWay.Enqueue((burst, form), NowNs + RoundTripNs);
                }
            if (Path.Lost != before)
                Changes.Add((NowNs, Path.Lost));
        }
    }
}
