using System.Reflection;
using Xunit.Sdk;

namespace Pdm6.Security.Tests;

/// <summary>The set-ups of a file that this machine cannot run: reported as skipped, each by its name and with what is
/// missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MissingHpkeVectorsAttribute(string file) : DataAttribute
{
    public override string Skip
    {
        get => "The name says what is missing.";
        set => throw new NotSupportedException();
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        HpkeVectorCase.All(file).Where(row => !row.Vector.Suite.IsSupported(out _)).Select(row => new object[] { row });
}
