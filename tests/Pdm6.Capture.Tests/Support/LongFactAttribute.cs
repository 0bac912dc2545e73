namespace Pdm6.Capture.Tests.Support;

/// <summary>Takes minutes and gigabytes: runs only where PDM6_LONG is 1.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute() =>
        Skip = Environment.GetEnvironmentVariable("PDM6_LONG") == "1" ? null : "NOT RUN: takes minutes; set PDM6_LONG=1 (./test --long)";
}
