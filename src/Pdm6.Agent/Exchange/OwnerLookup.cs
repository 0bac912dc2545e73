using System.Runtime.CompilerServices;
using Pdm6.Datapath;
using Pdm6.Registration.Addresses;
using Pdm6.Registration.Client;
using Pdm6.Registration.Contract;
using Pdm6.Security.Identity;

namespace Pdm6.Agent.Exchange;

/// <summary>
/// Answers the questions of an <see cref="OwnerBook"/>: asks the registrar, checks what it says, and goes and sees whether
/// the owner is at the address, before anything is sealed to it.
/// </summary>
/// <param name="owners">The questions and the answers.</param>
/// <param name="authority">Who must know an owner.</param>
/// <param name="ask">Asks the registrar.</param>
/// <param name="check">Goes and sees.</param>
/// <param name="news">Hears of pairs that can have a key now.</param>
/// <param name="time">Unix time, and the pace.</param>
internal sealed class OwnerLookup(
    OwnerBook owners, AuthorityCertificate authority, OwnerLookup.AskRegistrar ask, OwnerLookup.CheckAddress check,
    IExchangeNews news, TimeProvider time)
{
    /// <summary>Asks the registrar who owns the destination of a pair.</summary>
    internal delegate Task<RegistrarReply<ParticipantKeys>> AskRegistrar(AddressPair pair, CancellationToken stop);

    /// <summary>Asks the destination of a pair who it is.</summary>
    internal delegate Task<AddressCheckResult> CheckAddress(AddressPair pair, ParticipantCertificate owner, CancellationToken stop);

    // Two at a time would do for a busy host; slow answers must not hold others up.
    private const int AtATime = 16;
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(20);

    /// <summary>Works until told to stop.</summary>
    internal Task RunAsync(CancellationToken stop) => Parallel.ForEachAsync(
        PacedAsync(stop), new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = stop },
        async (pair, cancel) => await AnswerAsync(pair, cancel).ConfigureAwait(false));

    /// <summary>Finds the answer to one question.</summary>
    internal async Task AnswerAsync(AddressPair pair, CancellationToken stop)
    {
        RegistrarReply<ParticipantKeys> reply = await ask(pair, stop).ConfigureAwait(false);
        Addressee? owner = null;
        bool isKnown = reply.IsAccepted
            && PublishedKeys.TryVerify(reply.Value!, authority, Role.Endpoint, NowUnixNs, out owner, out _)
            && owner.Certificate.Covers(pair.Destination);
        if (!reply.IsAccepted && reply.Code != ErrorCodes.NoOwner)
            owners.SetUnanswered(pair.Destination);
        else if (isKnown && await IsThereAsync(pair, owner!, stop).ConfigureAwait(false))
        {
            owners.SetOwner(pair.Destination, owner!);
            news.Request(pair);
        }
        else
            owners.SetUnowned(pair.Destination);
    }

    private async Task<bool> IsThereAsync(AddressPair pair, Addressee owner, CancellationToken stop) =>
        owners.OwnerOf(pair.Destination)?.Identity == owner.Identity
        || await check(pair, owner.Certificate, stop).ConfigureAwait(false) == AddressCheckResult.Confirmed;

    private async IAsyncEnumerable<AddressPair> PacedAsync([EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (AddressPair pair in owners.Questions.ReadAllAsync(stop).ConfigureAwait(false))
        {
            yield return pair;
            await Task.Delay(s_pace, time, stop).ConfigureAwait(false);
        }
    }

    private ulong NowUnixNs => (ulong)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
