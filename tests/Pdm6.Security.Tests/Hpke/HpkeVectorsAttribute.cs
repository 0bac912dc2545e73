using System.Reflection;
using Xunit.Sdk;

namespace Pdm6.Security.Tests;

/// <summary>The set-ups of a file that this machine can run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HpkeVectorsAttribute(string file) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        HpkeVectorCase.All(file).Where(row => row.Vector.Suite.IsSupported(out _)).Select(row => new object[] { row });
}
