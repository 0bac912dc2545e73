using System.Net;
using System.Net.Sockets;
using Pdm6.Datapath;
using Pdm6.Wire;

namespace Pdm6.Agent.Paths;

/// <summary>Tries every form towards a destination, and back.</summary>
/// <param name="talk">Sends.</param>
/// <param name="addresses">Our addresses.</param>
/// <param name="mayAsk">True if an agent is known to live at a pair's destination.</param>
/// <param name="request">Has a pair looked up that nobody sent a packet of yet.</param>
internal sealed class PathSurveyor(
    PathTalk talk, IReadOnlyList<Ipv6Address> addresses, Func<AddressPair, bool> mayAsk, Action<AddressPair> request)
{
    private const int Rounds = 5;
    private static readonly TimeSpan s_spacing = TimeSpan.FromMilliseconds(60), s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_betweenAttempts = TimeSpan.FromMilliseconds(200);
    private const int LookUpAttempts = 40, AnswerAttempts = 25;

    /// <summary>Takes 2 seconds where somebody answers, and up to 15 where nobody does.</summary>
    internal async Task<PathSurvey> RunAsync(Ipv6Address destination, CancellationToken stop)
    {
        if (!TryFindSource(destination, out Ipv6Address source))
            return Failed(default, destination, $"there is no route to {destination} from an address that this agent measures from");
        AddressPair pair = new(source, destination);
        if (!await UntilAsync(LookUpAttempts, () =>
            {
                if (mayAsk(pair))
                    return true;
                request(pair);
                return false;
            }, stop).ConfigureAwait(false))
            return Failed(source, destination, $"nobody has registered {destination}, and nothing is sent to a host that did not: enroll it, and start its agent");
        int answers = 0;
        if (!await UntilAsync(AnswerAttempts, () =>
            {
                talk.TryAsk(pair, PathForm.Plain, PathForm.Plain, _ => Interlocked.Increment(ref answers));
                return Volatile.Read(ref answers) > 0;
            }, stop).ConfigureAwait(false))
            return Failed(source, destination, $"{destination} does not answer, not even packets without an option: is its agent running, and does a firewall let "
                + $"UDP port {PathTable.ProbePort} through?");
        return await TryAllAsync(pair, stop).ConfigureAwait(false);
    }

    private async Task<PathSurvey> TryAllAsync(AddressPair pair, CancellationToken stop)
    {
        int[] arrived = new int[PathForms.All.Count], cameBack = new int[PathForms.All.Count];
        for (int round = 0; round < Rounds; round++)
        {
            foreach (PathForm form in PathForms.All)
            {
                talk.TryAsk(pair, form, PathForm.Plain, _ => Interlocked.Increment(ref arrived[(int)form]));
                talk.TryAsk(pair, PathForm.Plain, form, _ => Interlocked.Increment(ref cameBack[(int)form]));
            }
            await Task.Delay(s_spacing, stop).ConfigureAwait(false);
        }
        await Task.Delay(s_patience, stop).ConfigureAwait(false);
        return new PathSurvey(
            pair.Source.ToString(), pair.Destination.ToString(), Rounds,
            [.. PathForms.All.Select(form => new PathSurveyRow(
                form.ToString(), form.Carriage(), form.HeaderOctets() + form.SurplusOctets(),
                Volatile.Read(ref arrived[(int)form]), Volatile.Read(ref cameBack[(int)form])))],
            "");
    }

    private static PathSurvey Failed(Ipv6Address source, Ipv6Address destination, string trouble) =>
        new(source == default ? "" : source.ToString(), destination.ToString(), 0, [], trouble);

    private static async Task<bool> UntilAsync(int attempts, Func<bool> condition, CancellationToken stop)
    {
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            if (condition())
                return true;
            await Task.Delay(s_betweenAttempts, stop).ConfigureAwait(false);
        }
        return false;
    }

    /// <summary>The address that the host sends to a destination from, if it is one of ours.</summary>
    private bool TryFindSource(Ipv6Address destination, out Ipv6Address source)
    {
        Span<byte> octets = stackalloc byte[Ipv6Address.Size];
        source = default;
        try
        {
            using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            destination.Write(octets);
            socket.Connect(new IPAddress(octets), PathTable.ProbePort);
            ((IPEndPoint)socket.LocalEndPoint!).Address.TryWriteBytes(octets, out _);
            source = Ipv6Address.Read(octets);
            return addresses.Contains(source);
        }
        catch (SocketException)
        {
            return false; // no route
        }
    }
}
