using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_rule")]
[StructLayout(LayoutKind.Sequential)]
internal struct AbiRule
{
    public uint SampleOneIn;
    public byte Carriage;
    public AbiRuleFlags Flags;
    public ushort Zero;
    public uint FlowPps;
    public uint Pps;
    public uint Mark;
    public uint MarkMask;

    internal static AbiRule From(PolicyRule rule) => new()
    {
        SampleOneIn = rule.SampleOneIn,
        Carriage = (byte)rule.Carriage,
        Flags = (rule.SamplesPackets ? AbiRuleFlags.SamplePackets : 0)
            | (rule.OptionPerSegment ? AbiRuleFlags.OptionPerSegment : 0)
            | (rule.Strip == true ? AbiRuleFlags.Strip : 0),
        FlowPps = rule.FlowPacketsPerSecond,
        Pps = rule.PacketsPerSecond,
        Mark = rule.Mark.Value,
        MarkMask = rule.Mark.Mask,
    };
}
