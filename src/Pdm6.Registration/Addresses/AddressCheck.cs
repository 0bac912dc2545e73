using System.Net;
using System.Net.Sockets;
using Pdm6.Security.Identity;
using Pdm6.Wire;

namespace Pdm6.Registration.Addresses;

/// <summary>
/// Asks an address who lives there, before a sender gives away the pair secret for it (protocol reference, section 7): a
/// registrar's word that somebody owns an address is not enough to send him keys. One round trip of UDP.
/// </summary>
public static class AddressCheck
{
    /// <summary>The port that endpoints answer on.</summary>
    public const int DefaultPort = 8651;

    private const int Attempts = 4;
    private static readonly TimeSpan s_firstPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks up to four times, for 7.5 s altogether.</summary>
    /// <param name="source">The address of ours that asks, whose packets are to be sealed.</param>
    /// <param name="destination">The address in question.</param>
    /// <param name="owner">Who is said to own it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="port">Where endpoints answer.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    /// <exception cref="SocketException">The source is not an address of this host.</exception>
    public static Task<AddressCheckResult> AskAsync(
        Ipv6Address source, Ipv6Address destination, ParticipantCertificate owner, CancellationToken cancellationToken,
        int port = DefaultPort) =>
        AskAsync(source, destination, owner, s_firstPatience, port, cancellationToken);

    internal static async Task<AddressCheckResult> AskAsync(
        Ipv6Address source, Ipv6Address destination, ParticipantCertificate owner, TimeSpan firstPatience, int port,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(ToIpAddress(source), 0));
        AddressCheckResult result = AddressCheckResult.NoAnswer;
        byte[] request = AddressCheckFormat.NewRequest();
        byte[] datagram = new byte[AddressCheckFormat.ReplySize + 1];
        TimeSpan patience = firstPatience;
        try
        {
            // Connected: datagrams from elsewhere do not get here, and "port unreachable" does.
            await socket.ConnectAsync(new IPEndPoint(ToIpAddress(destination), port), cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return AddressCheckResult.NoAnswer; // no route
        }
        for (int attempt = 0; attempt < Attempts; attempt++, patience *= 2)
        {
            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(patience);
            try
            {
                await socket.SendAsync(request, deadline.Token).ConfigureAwait(false);
                while (true)
                {
                    int size = await socket.ReceiveAsync(datagram, deadline.Token).ConfigureAwait(false);
                    if (!AddressCheckFormat.IsReplyTo(datagram.AsSpan(0, size), request))
                        continue;
                    if (AddressCheckFormat.IsBy(owner, datagram.AsSpan(0, size), destination, source))
                        return AddressCheckResult.Confirmed;
                    // Someone who sees the packets may be faster than the owner: his answer does not end the wait.
                    result = AddressCheckResult.AnotherIdentity;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // No answer of the owner in time: once more.
            }
            catch (SocketException)
            {
                // Unreachable, perhaps only for now.
                await Task.Delay(patience, cancellationToken).ConfigureAwait(false);
            }
        }
        return result;
    }

    internal static IPAddress ToIpAddress(Ipv6Address address)
    {
        Span<byte> octets = stackalloc byte[Ipv6Address.Size];
        address.Write(octets);
        return new IPAddress(octets);
    }
}
