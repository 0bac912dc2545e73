using Pdm6.Fuzz.Engine;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary><see cref="DestinationOptionsMerge"/>: the packet that comes out holds our option, all that the old one held
/// at the same offsets, and the same upper layer. Octet 0 of the input chooses the option.</summary>
internal sealed class MergeTarget : FuzzTarget
{
    private static readonly byte[][] Options = [Samples.Pdm(0x1e, 38), Samples.Pdm(0x1e, 22), Samples.Pdm(0x0f, 10)];

    private readonly PacketTarget _packets = new();
    private readonly GuardedMemory _destination = new(1024);

    public override string Name => "merge";

    public override IEnumerable<byte[]> Seeds =>
        Enumerable.Range(0, Options.Length).SelectMany(choice => Samples.Packets.Select(packet => (byte[])[(byte)choice, .. packet]));

    public override IReadOnlyList<byte[]> Tokens => Samples.Tokens;

    public override int Repair(Span<byte> room, int size) => size == 0 ? 0 : 1 + _packets.Repair(room[1..], size - 1);

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return default;
        ReadOnlySpan<byte> option = Options[input[0] % Options.Length], packet = input[1..];
        Span<byte> destination = _destination.AtEnd(packet.Length + DestinationOptionsMerge.MaximumHeaderSize);
        MergeOutcome outcome = DestinationOptionsMerge.TryMerge(packet, option, destination, out int size);
        bool isMerged = outcome is MergeOutcome.Inserted or MergeOutcome.Merged;
        Expect.That(isMerged == size > 0, "a packet that is left alone is not written");
        if (!isMerged)
            return new FuzzOutcome(false, (int)outcome);
        Ipv6PacketView.TryRead(packet, out Ipv6PacketView before);
        Expect.That(Ipv6PacketView.TryRead(destination[..size], out Ipv6PacketView after) && after.IsWhole && after.Octets.Length == size,
            "what comes out is a whole packet");
        int growth = size - before.Octets.Length;
        // Dropping much padding may even make it shrink.
        Expect.That(growth <= DestinationOptionsMerge.MaximumHeaderSize && growth % 8 == 0, "a packet grows by whole units, at most 48 octets");
        Expect.Equal(before.Octets[..4], after.Octets[..4], "the fixed header stays");
        Expect.Equal(before.Octets[7..40], after.Octets[7..40], "the fixed header stays");
        Expect.Equal(before.UpperLayer, after.UpperLayer, "the upper layer stays");
        Expect.That(before.TryGetFlow(out FlowKey flow) && after.TryGetFlow(out FlowKey same) && flow == same, "the flow stays");
        Expect.That(new PdmOptions(after).TryFindOnly(out PdmOptionInPacket only) && only.Octets.SequenceEqual(option), "our option is there, once");
        int others = CheckOptions(before, after);
        Expect.That(DestinationOptionsMerge.TryMerge(destination[..size], option, default, out _) == MergeOutcome.HasPdmOption,
            "a second time it is left alone");
        return new FuzzOutcome(true, 100 + (int)outcome + Math.Max(growth, -8) * 2 + Math.Min(others, 7) * 256 + input[0] % Options.Length * 4096);
    }

    /// <summary>Every option of before is there, at the same offset of the same header; one more is.</summary>
    private static int CheckOptions(in Ipv6PacketView before, in Ipv6PacketView after)
    {
        ExtensionHeaders.Enumerator was = before.ExtensionHeaders.GetEnumerator(), now = after.ExtensionHeaders.GetEnumerator();
        int others = 0, ours = 0;
        while (now.MoveNext())
        {
            HeaderOptions.Enumerator old = was.MoveNext() ? was.Current.Options.GetEnumerator() : default;
            foreach (ReadOnlySpan<byte> option in now.Current.Options)
            {
                if (!old.MoveNext())
                {
                    ours++;
                    Expect.That(now.HeaderType == NextHeader.DestinationOptions && now.Current.Octets.Length <= DestinationOptionsMerge.MaximumHeaderSize,
                        "our header has at most 48 octets");
                    continue;
                }
                others++;
                Expect.Equal(old.Current, option, "existing options stay");
                now.Current.Octets.Overlaps(option, out int at);
                was.Current.Octets.Overlaps(old.Current, out int wasAt);
                Expect.That(at == wasAt, "existing options keep their offsets");
            }
        }
        Expect.That(ours == 1, "our option is there, once");
        return others;
    }
}
