using System.Buffers.Binary;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Pdm6.Export;
using Pdm6.Lab;
using Pdm6.Lab.Native;
using Pdm6.Wire;

namespace Pdm6.EndToEnd.Tests.BadInput;

/// <summary>Options that nobody sealed, on the wire: counted by reason, never used, and the packet goes on.</summary>
public class HostileOptionTests
{
    private const int Port = 7009, Copies = 5;
    private const byte OptionType = Pdmv2OptionView.DefaultOptionType, PadN = 1;

    [RootFact]
    public async Task Options_ForgedOrMalformed_AreCountedByReasonAndThePacketIsDelivered()
    {
        await using MeasuredLaboratory laboratory = await MeasuredLaboratory.StartAsync();
        await laboratory.StartAgentsAsync([new { name = "udp", protocols = (string[])["udp"] }]);
        using Socket server = LaboratorySockets.ListenUdp(laboratory.Hosts, Port);
        PhysicalAddress own = AddressOf(laboratory.Hosts.ClientLink.First), router = AddressOf(laboratory.Hosts.ClientLink.Second);
        using PacketSocket wire = laboratory.Hosts.Client.Within(() => PacketSocket.Open(Laboratory.MeasuredInterface));
        int epoch = await laboratory.Client.EpochAsync();
        CounterReport before = await laboratory.Server.CountersAsync();

        Dictionary<string, byte[]> options = new()
        {
            // Everything right but the tag.
            ["authentication-failed"] = Option(Pdmv2OptionView.ProtectedSize, 2, epoch),
            // An epoch that the sender will reach in days, if ever.
            ["no-key"] = Option(Pdmv2OptionView.ProtectedSize, 2, (epoch + 2048) % 4096),
            ["clear"] = Option(24, 2, epoch),
            ["malformed"] = Option(12, 2, epoch),
            ["unknown-version"] = Option(Pdmv2OptionView.ProtectedSize, 3, epoch),
        };
        foreach ((string reason, byte[] option) in options)
        {
            for (byte copy = 0; copy < Copies; copy++)
            {
                Assert.True(wire.TrySend(Frame(own, router, option, copy)), "the kernel did not take the frame");
                using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
                byte[] datagram = new byte[100];
                Assert.True(await server.ReceiveAsync(datagram, patience.Token) == 1 && datagram[0] == copy, $"{reason}: not delivered");
            }
        }

        CounterReport after = await laboratory.Server.CountersAsync();
        Dictionary<string, long> counted = after.Ingress
            .Select(entry => (entry.Key, Count: entry.Value - before.Ingress.GetValueOrDefault(entry.Key)))
            .Where(entry => entry.Count > 0).ToDictionary(entry => entry.Key, entry => entry.Count);
        Assert.Equal(options.Keys.ToDictionary(reason => reason, _ => (long)Copies), counted);
        await laboratory.StopAgentsAsync();
        // Nothing of them became a measurement.
        Assert.All((await laboratory.ReadGroupsAsync()).Values, group => Assert.Equal(
            (0L, 0L, 0L, 0L, 0L), (group.Packets, group.Opened, group.Lost, group.RoundTripNs.Samples, group.ServerDelayNs.Samples)));
    }

    private static byte[] Option(int size, int version, int epoch)
    {
        byte[] option = new byte[size];
        Random random = new(size);
        random.NextBytes(option);
        option[0] = OptionType;
        option[1] = (byte)(size - 2);
        BinaryPrimitives.WriteUInt16BigEndian(option.AsSpan(2), (ushort)(version << 12 | epoch));
        return option;
    }

    /// <summary>A datagram of one octet behind a Destination Options header with the option, as the client would send it.</summary>
    private static byte[] Frame(PhysicalAddress from, PhysicalAddress to, byte[] option, byte content)
    {
        int padding = (8 - (2 + option.Length) % 8) % 8;
        byte[] udp = [.. Octets(40_000), .. Octets(Port), .. Octets(9), 0, 0, content];
        byte[] header =
        [
            NextHeader.Udp, (byte)((2 + option.Length + padding) / 8 - 1), .. option,
            .. padding == 0 ? [] : padding == 1 ? new byte[1] : (byte[])[PadN, (byte)(padding - 2), .. new byte[padding - 2]],
        ];
        byte[] addresses = new byte[32];
        LaboratoryAddresses.Client.Write(addresses);
        LaboratoryAddresses.Server.Write(addresses.AsSpan(16));
        byte[] pseudo = [.. addresses, 0, 0, .. Octets(udp.Length), 0, 0, 0, NextHeader.Udp];
        Octets(Checksum([.. pseudo, .. udp])).CopyTo(udp, 6);
        return
        [
            .. new byte[PacketSocket.VnetHeaderSize], .. to.GetAddressBytes(), .. from.GetAddressBytes(), .. Octets(0x86dd),
            0x60, 0, 0, 0, .. Octets(header.Length + udp.Length), NextHeader.DestinationOptions, 64, .. addresses, .. header, .. udp,
        ];
    }

    private static byte[] Octets(int value) => [(byte)(value >> 8), (byte)value];

    // RFC 1071.
    private static int Checksum(byte[] octets)
    {
        uint sum = 0;
        for (int i = 0; i < octets.Length; i++)
            sum += (uint)octets[i] << (i % 2 == 0 ? 8 : 0);
        while (sum > 0xffff)
            sum = (sum & 0xffff) + (sum >> 16);
        return (int)(~sum & 0xffff);
    }

    private static PhysicalAddress AddressOf(LinkEnd end) => PhysicalAddress.Parse(end.HardwareAddress.Replace(':', '-'));
}
