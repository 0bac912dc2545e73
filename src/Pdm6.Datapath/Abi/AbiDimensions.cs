namespace Pdm6.Datapath.Abi;

/// <summary><c>enum pdm6_dimension</c>.</summary>
[Flags]
internal enum AbiDimensions : uint
{
    ByDestination = 1,
    BySource = 2,
    ByDscp = 4,
    ByInterface = 8,
    ByMark = 16,
    ByCgroup = 32,
}
