namespace Pdm6.Datapath.Abi;

/// <summary>enum pdm6_record_kind: the first four octets of a ring-buffer record.</summary>
internal enum AbiRecordKind : uint
{
    Observation = 1,
    UnknownPair = 2,
    BusyFlow = 3,
    FrameObservation = 4,
}
