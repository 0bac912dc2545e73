using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Abi;

[AbiStruct("pdm6_rule")]
[StructLayout(LayoutKind.Sequential)]
internal struct AbiRule
{
    public uint SampleOneIn;
    public byte Carriage;
    public AbiRuleFlags Flags;
    public ushort Group;
    public uint FlowPps;
    public uint Pps;
    public uint Mark;
    public uint MarkMask;

    /// <param name="rule">The rule.</param>
    /// <param name="position">Its place in the policy: its group, if it has no other.</param>
    /// <param name="strips">What a rule does that does not say.</param>
    internal static AbiRule From(PolicyRule rule, int position, bool strips) => new()
    {
        SampleOneIn = rule.SampleOneIn,
        Carriage = (byte)rule.Carriage,
        Group = (ushort)(rule.Group ?? position),
        Flags = (rule.SamplesPackets ? AbiRuleFlags.SamplePackets : 0)
            | ((rule.Strip ?? strips) ? AbiRuleFlags.Strip : 0),
        FlowPps = rule.FlowPacketsPerSecond,
        Pps = rule.PacketsPerSecond,
        Mark = rule.Mark.Value,
        MarkMask = rule.Mark.Mask,
    };
}
