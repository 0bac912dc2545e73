using System.Net;
using System.Net.Sockets;
using Pdm6.Agent.Paths;
using Pdm6.Agent.Tests.Support;
using Pdm6.Datapath.Tests;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Agent.Tests.Paths;

/// <summary>Over a real link: what comes out of a socket of what was sent whole, and of what lost something on the way.</summary>
public class PathSocketTests
{
    private static readonly PathPackets s_packets = new(0x1e, 0x1234), s_otherType = new(0x3e, 0x1234);
    private static readonly Ipv6Address s_client = Ipv6Address.Parse(TwoHosts.ClientAddress), s_server = Ipv6Address.Parse(TwoHosts.ServerAddress);
    private static readonly byte[] s_key = new byte[KeyDerivation.SecretSize];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private sealed record Case(bool IsRequest, PathForm Said, PathForm Sent, PathPackets Packets, bool ComesOut);

    [KernelFact]
    public async Task Receive_MessagesInEachForm_GivesOutThoseThatArrivedAsTheySay()
    {
        Case[] cases = [.. Cases(isRequest: true), .. Cases(isRequest: false), new(true, PathForm.Plain, PathForm.Plain, s_packets, true)];
        using TwoHosts hosts = new();
        using PathSocket server = Open(hosts.Server, () => new PathSocket(s_server, s_packets));
        using Socket client = Open(hosts.Client, () => new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.Raw));

        foreach ((int number, Case one) in cases.Index())
            client.SendTo(
                one.Packets.Make(s_client, s_server, one.Sent, Message(one, number)), new IPEndPoint(IPAddress.Parse(TwoHosts.ServerAddress), 0));
        using CancellationTokenSource patience = new(s_patience);
        List<int> seen = [];
        while (seen.Count == 0 || seen[^1] != cases.Length - 1)
            seen.Add(NumberOf((await server.ReceiveAsync(patience.Token)).Datagram.Span));

        Assert.Equal(cases.Where(one => one.ComesOut), seen.Select(number => cases[number]));
    }

    private static IEnumerable<Case> Cases(bool isRequest)
    {
        foreach (PathForm said in PathForms.All)
        {
            bool isHeader = said.HeaderOctets() > 0;
            yield return new Case(isRequest, said, said, s_packets, ComesOut: true);
            if (said == PathForm.Plain)
                continue;
            yield return new Case(isRequest, said, PathForm.Plain, s_packets, ComesOut: false);
            foreach (PathForm sent in PathForms.All.Where(sent => sent != said && (isHeader ? sent.HeaderOctets() : sent.SurplusOctets()) > 0))
                yield return new Case(isRequest, said, sent, s_packets, ComesOut: false);
            if (isHeader)
                yield return new Case(isRequest, said, said, s_otherType, ComesOut: false);
        }
    }

    private static byte[] Message(Case one, int number)
    {
        byte[] nonce = new byte[PathMessage.NonceSize];
        nonce[^1] = (byte)number;
        byte[] request = PathMessage.Request(
            default, nonce, one.IsRequest ? one.Said : PathForm.Plain, one.IsRequest ? PathForm.Plain : one.Said, s_key);
        return one.IsRequest ? request : PathMessage.Answer(request, s_key);
    }

    private static int NumberOf(ReadOnlySpan<byte> message) =>
        message[(message.Length == PathMessage.RequestSize ? 8 + ContextId.Size : 8) + PathMessage.NonceSize - 1];

    private static T Open<T>(HostThread host, Func<T> open)
    {
        T? opened = default;
        host.Run(() => opened = open());
        return opened!;
    }
}
