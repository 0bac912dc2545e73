using Pdm6.Collector.Ingest;
using Pdm6.Collector.Pairing;
using Pdm6.Collector.Secrets;
using Pdm6.Collector.Windows;
using Pdm6.Export;
using Pdm6.Measurement;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Collector.Opening;

/// <summary>
/// Opens options and hands what they said to the pairing. What the observer made of an option is not believed: the
/// collector holds every base secret and opens for itself. Single-threaded.
/// </summary>
internal sealed class OpeningStage(
    OptionOpener opener, LiveSources liveSources, ParkedObservations parked, PairingStage pairing, WindowSet windows,
    RunCounters counters)
{
    private readonly ClearOptions _clear = new();
    private readonly OpenResult[] _results = new OpenResult[ObservationBatch.MaxCount];
    private readonly OpenedOption[] _opened = new OpenedOption[ObservationBatch.MaxCount];

    /// <summary>Takes the observations of one batch.</summary>
    /// <param name="observations">As the agent sent them, at most <see cref="ObservationBatch.MaxCount"/>.</param>
    /// <param name="agent">The agent, which knows the groups of its rules.</param>
    public void Take(ReadOnlySpan<Observation> observations, KnownAgent agent)
    {
        opener.OpenBatch(observations, _results, _opened);
        counters[RunCounter.Observations] += observations.Length;
        for (int i = 0; i < observations.Length; i++)
        {
            ref readonly Observation observation = ref observations[i];
            int tag = agent.TagOf(observation.Rule);
            if (_results[i] == OpenResult.Opened)
                Forward(observation, tag, _opened[i]);
            else if (_results[i] is not (OpenResult.NoKey or OpenResult.WrongEpoch))
                CountUnopened(_results[i], observation, tag);
            else if (parked.Add(observation, tag, out ParkedObservations.Parked displaced))
                CountUnopened(opener.TryOpen(displaced.Observation, out _), displaced.Observation, displaced.Tag);
        }
    }

    /// <summary>Tries everything that waits once more: an announcement has come.</summary>
    public void RetryParked()
    {
        // Whatever still fails is parked for what is left of its time, behind the others, in the same order.
        for (int left = parked.Count; left > 0 && parked.TryTake(out ParkedObservations.Parked waiting); left--)
        {
            OpenResult result = opener.TryOpen(waiting.Observation, out OpenedOption opened);
            if (result == OpenResult.Opened)
                Forward(waiting.Observation, waiting.Tag, opened);
            else if (result is OpenResult.NoKey or OpenResult.WrongEpoch)
                parked.PutBack(waiting);
            else
                CountUnopened(result, waiting.Observation, waiting.Tag);
        }
    }

    /// <summary>Gives up what has waited too long.</summary>
    public void GiveUpExpired()
    {
        while (parked.TryTakeExpired(out ParkedObservations.Parked expired))
            CountUnopened(opener.TryOpen(expired.Observation, out _), expired.Observation, expired.Tag);
    }

    /// <summary>Gives up everything that waits.</summary>
    public void GiveUpAll()
    {
        RetryParked();
        while (parked.TryTake(out ParkedObservations.Parked waiting))
            CountUnopened(opener.TryOpen(waiting.Observation, out _), waiting.Observation, waiting.Tag);
    }

    private void Forward(in Observation observation, int tag, in OpenedOption opened)
    {
        counters[RunCounter.Opened]++;
        if (observation.Verdict == ObservationVerdict.NotAhead)
            counters[RunCounter.NotAhead]++;
        pairing.Take(new MeasuredPacket(
            observation.Flow, opened.Context.Value, opened.EpochIndex, opened.Psntp, opened.Metrics,
            observation.ObservedAtNs, observation.Verdict == ObservationVerdict.Accepted, observation.PayloadLength,
            observation.TcpFlags, observation.TcpSequence, observation.UpperChecksum, observation.HopLimit,
            observation.HasSent, observation.LastSentPsntp, observation.SinceSentNs, tag));
    }

    /// <summary>Whether options in clear count is for the observer's policy to say; that a source could protect what it
    /// sends, the collector knows best.</summary>
    private void TakeClear(in Observation observation, int tag)
    {
        counters[RunCounter.Clear]++;
        if (observation.Verdict != ObservationVerdict.ClearCounted || liveSources.IsLive(observation.Flow.Source, observation.ObservedAtNs))
            return;
        (uint psntp, PdmMetrics metrics) = _clear.Read(observation);
        // The observer tells when it had sent only of what it accepted; of the rest nothing would depend on it.
        pairing.Take(new MeasuredPacket(
            observation.Flow, Context: 0, EpochIndex: 0, psntp, metrics, observation.ObservedAtNs, observation.HasSent,
            observation.PayloadLength, observation.TcpFlags, observation.TcpSequence, observation.UpperChecksum,
            observation.HopLimit, observation.HasSent, observation.LastSentPsntp, observation.SinceSentNs, tag));
    }

    private void CountUnopened(OpenResult result, in Observation observation, int tag)
    {
        if (ClearOptions.IsClear(observation))
        {
            TakeClear(observation, tag);
            return;
        }
        if (result == OpenResult.AuthenticationFailed)
            windows.At(tag, observation.ObservedAtNs)[GroupCounter.AuthenticationFailed]++;
        counters[result switch
        {
            OpenResult.AuthenticationFailed => RunCounter.AuthenticationFailed,
            OpenResult.NoKey => RunCounter.NoKey,
            OpenResult.WrongEpoch => RunCounter.WrongEpoch,
            OpenResult.UnknownVersion => RunCounter.UnknownVersion,
            _ => RunCounter.Malformed,
        }]++;
    }
}
