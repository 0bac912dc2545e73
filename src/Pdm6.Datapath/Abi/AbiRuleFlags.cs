namespace Pdm6.Datapath.Abi;

/// <summary><c>enum pdm6_rule_flags</c>.</summary>
[Flags]
internal enum AbiRuleFlags : byte
{
    SamplePackets = 1,
    Strip = 2,
}
