namespace Pdm6.Capture.Tests.Support;

/// <summary>Needs dumpcap, tshark and the right to capture.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CaptureToolsFactAttribute : FactAttribute
{
    public CaptureToolsFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "captures on the loopback interface: run as root";
        else if (!IsInstalled("dumpcap") || !IsInstalled("tshark"))
            Skip = "compares with tshark: install tshark";
    }

    private static bool IsInstalled(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool)));
}
