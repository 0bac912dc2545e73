using Pdm6.Fuzz.Engine;
using Pdm6.Security;
using Pdm6.Wire;

namespace Pdm6.Fuzz.Targets;

/// <summary>
/// <see cref="OptionOpener"/> with destination options: nothing opens but what was sealed, in the flow it was sealed for;
/// opening many at a time answers as one by one. The input is a flow, an octet that chooses the time, and an option.
/// </summary>
internal sealed class OptionOpeningTarget : FuzzTarget
{
    private const int OptionOffset = FlowKey.Size + 1;

    private readonly OptionOpener _opener = new(OpenerMode.Analysis, new OpenerLimits(4, 64, 64, 16));
    private readonly byte[][] _genuine;
    private readonly Observation[] _observations = new Observation[5];
    private readonly OpenResult[] _results = new OpenResult[5];
    private readonly OpenedOption[] _opened = new OpenedOption[5];

    public OptionOpeningTarget()
    {
        _opener.Add(LabKeys.Announcement, LabKeys.BaseSecret);
        _genuine = [.. new[] { Samples.Flow, Samples.Flow with { SourcePort = 53, DestinationPort = 5353 } }
            .SelectMany(flow => new uint[] { 0, 77 }.Select(psntp => Genuine(flow, psntp)))];
    }

    public override string Name => "option-opening";
    public override int LargestInput => OptionOffset + 60;
    public override bool AllocatesNothing => false; // keys of pairs not met before are derived
    public override IEnumerable<byte[]> Seeds => [.. _genuine, [.. _genuine[0][..OptionOffset], .. Samples.Pdm(0x1e, 22)]];
    public override IReadOnlyList<byte[]> Tokens => Samples.Tokens;

    public override FuzzOutcome Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < OptionOffset)
            return default;
        FlowKey flow = FlowKey.Read(input);
        ulong at = LabKeys.Start + input[FlowKey.Size] * 1_000_000_000UL;
        ReadOnlySpan<byte> option = input[OptionOffset..];
        OpenResult result = _opener.TryOpen(flow, option, at, out OpenedOption opened);
        if (result == OpenResult.Opened)
        {
            Expect.That(IsGenuine(input), "no forgery is accepted");
            Expect.That(opened.Metrics == Samples.Metrics && opened.Epoch == LabKeys.Epoch, "what was sealed is opened");
        }
        else
        {
            Expect.That(opened == default, "what does not open gives nothing");
        }
        if (option.Length <= Pdmv2OptionView.ProtectedSize)
            CheckBatch(flow, option, at, result);
        return new FuzzOutcome(result == OpenResult.Opened, (int)result * 64 + Math.Min(option.Length, 63));
    }

    private void CheckBatch(in FlowKey flow, ReadOnlySpan<byte> option, ulong at, OpenResult alone)
    {
        for (int i = 0; i < _observations.Length; i++)
        {
            bool isInput = i % 2 == 0;
            ReadOnlySpan<byte> octets = isInput ? option : _genuine[i % _genuine.Length].AsSpan(OptionOffset);
            _observations[i] = new Observation(
                isInput ? flow : FlowKey.Read(_genuine[i % _genuine.Length]), isInput ? at : LabKeys.Start, ObservationVerdict.NoKey, 0, 0, 0, 0, 0, 0,
                false, 0, 0, (byte)octets.Length, OptionBytes.From(octets));
        }
        _opener.OpenBatch(_observations, _results, _opened);
        for (int i = 0; i < _results.Length; i++)
        {
            OpenResult expected = i % 2 == 0 ? alone : OpenResult.Opened;
            Expect.That(_results[i] == expected, "many at a time are opened as one by one");
            Expect.That((_opened[i] == default) == (expected != OpenResult.Opened), "what does not open gives nothing");
        }
    }

    /// <summary>All but the time is as it was sealed; octets behind the option belong to somebody else.</summary>
    private bool IsGenuine(ReadOnlySpan<byte> input)
    {
        foreach (byte[] genuine in _genuine)
            if (input.Length >= genuine.Length && input[..FlowKey.Size].SequenceEqual(genuine.AsSpan(0, FlowKey.Size))
                && input[OptionOffset..genuine.Length].SequenceEqual(genuine.AsSpan(OptionOffset)))
                return true;
        return false;
    }

    private static byte[] Genuine(FlowKey flow, uint psntp)
    {
        byte[] input = new byte[OptionOffset + Pdmv2OptionView.ProtectedSize];
        flow.Write(input);
        LabKeys.SealedOption(flow, psntp).CopyTo(input, OptionOffset);
        return input;
    }
}
