namespace Pdm6.Datapath.Abi;

/// <summary>Names the struct of <c>bpf/pdm6_abi.h</c> that a type mirrors. A test compares sizes and offsets with the
/// compiled program's BTF: member <c>snake_case</c> in C is <c>PascalCase</c> here.</summary>
[AttributeUsage(AttributeTargets.Struct)]
internal sealed class AbiStructAttribute(string name) : Attribute
{
    /// <summary>The name in C.</summary>
    public string Name { get; } = name;
}
