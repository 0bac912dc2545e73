using Xunit.Abstractions;

namespace Pdm6.Security.Tests;

/// <summary>A set-up of a file of vectors as a test case: its name says what is missing, if anything is.</summary>
public sealed class HpkeVectorCase : IXunitSerializable
{
    private string _file = "";
    private int _index;

    /// <summary>For the runner, which calls <see cref="Deserialize"/> next.</summary>
    public HpkeVectorCase()
    {
    }

    private HpkeVectorCase(string file, int index, HpkeVector vector)
    {
        _file = file;
        _index = index;
        Vector = vector;
    }

    internal HpkeVector Vector { get; private set; } = null!;

    internal static IEnumerable<HpkeVectorCase> All(string file) =>
        HpkeVector.ReadAll(file).Select((vector, index) => new HpkeVectorCase(file, index, vector));

    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue(nameof(_file), _file);
        info.AddValue(nameof(_index), _index);
    }

    public void Deserialize(IXunitSerializationInfo info)
    {
        _file = info.GetValue<string>(nameof(_file));
        _index = info.GetValue<int>(nameof(_index));
        Vector = HpkeVector.ReadAll(_file)[_index];
    }

    public override string ToString() =>
        Vector.Suite.IsSupported(out string? why) ? $"{_index}: {Vector.Name}" : $"{_index}: {Vector.Name}. {why}";
}
