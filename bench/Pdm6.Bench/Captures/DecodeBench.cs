using Pdm6.Capture;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Bench;

/// <summary>From the captured frame to the metrics of its option, decoded and opened, on one core.</summary>
internal static class DecodeBench
{
    private const int Rounds = 5, Opened = 1, Tshark = 2, Window = 64;

    public static void Run()
    {
        using CaptureFiles files = new();
        using OptionOpener opener = files.Opener();
        Decoder decoder = new(opener);
        Paired paired = Paired.Run(
        [
            new Contender("pdm6 finds and decodes the option", () => decoder.Run(files, opens: false)),
            new Contender("pdm6 finds, decodes and opens it", () => decoder.Run(files, opens: true)),
            Rivals.Tshark(files),
            Rivals.Scapy(files),
        ], Rounds, TimeSpan.FromSeconds(5));
        Table table = new("one core, from the file", "ns", "options/s", "rate to tshark", "allocated");
        for (int i = 0; i < paired.Contenders.Count; i++)
            table.Add(paired.Contenders[i].Name, Table.Number(paired.Ns(i).Median), Table.Number(1e9 / paired.Ns(i).Median),
                Table.Ratio(paired.Ratio(Tshark, i)), i <= Opened ? $"{decoder.AllocatedPerOption} octets" : "");
        table.Print($"decode: {Rounds} rounds; processor time; ratio of rates, in brackets the middle half of the rounds");
    }

    private sealed class Decoder(OptionOpener opener)
    {
        private readonly Observation[] _observations = new Observation[Window];
        private readonly OpenResult[] _results = new OpenResult[Window];
        private readonly OpenedOption[] _opened = new OpenedOption[Window];
        private int _count;
        private long _found;

        /// <summary>Of the worst run since the first, which derives the keys.</summary>
        public long AllocatedPerOption { get; private set; } = -1;

        public double Run(CaptureFiles files, bool opens)
        {
            using CaptureReader reader = CaptureReader.Open(files.PathOf(CaptureFiles.Large));
            _found = 0;
            // What is held open (file, buffer) is there before the first option.
            BenchException.Require(reader.TryReadNext(out CapturedFrame first), "The capture is empty.");
            Take(first, opens);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long ns = ThreadClock.Measure(() =>
            {
                while (reader.TryReadNext(out CapturedFrame frame))
                    Take(frame, opens);
                Open();
            });
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (opens)
                AllocatedPerOption = AllocatedPerOption < 0 ? 0 : Math.Max(AllocatedPerOption, allocated / CaptureFiles.Large);
            BenchException.Require(_found == CaptureFiles.Large, "Not every option was found, or opened.");
            return (double)ns / CaptureFiles.Large;
        }

        private void Take(in CapturedFrame frame, bool opens)
        {
            if (!frame.TryFindIpv6(out ReadOnlySpan<byte> octets) || !Ipv6PacketView.TryRead(octets, out Ipv6PacketView packet)
                || !new PdmOptions(packet).TryFindOnly(out PdmOptionInPacket option)
                || Pdmv2OptionView.TryRead(option.Octets, out Pdmv2OptionView view) != Pdmv2ReadStatus.Ok
                || !packet.TryGetFlow(out FlowKey flow))
                return;
            if (!opens)
            {
                _found += view.IsProtected ? 1 : 0;
                return;
            }
            _observations[_count++] = new Observation(
                flow, frame.TimestampNs, ObservationVerdict.NoState, Observation.NoRule, packet.HopLimit, 0, 0, 0, 0, false, 0, 0,
                (byte)view.Octets.Length, OptionBytes.From(view.Octets));
            if (_count == Window)
                Open();
        }

        private void Open()
        {
            opener.OpenBatch(_observations.AsSpan(0, _count), _results, _opened);
            _found += _results.AsSpan(0, _count).Count(OpenResult.Opened);
            _count = 0;
        }
    }
}
