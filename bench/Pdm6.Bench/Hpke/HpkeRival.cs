using System.Diagnostics;
using System.Text.Json;
using Pdm6.Security;

namespace Pdm6.Bench;

/// <summary>@hpke/core in Node.js (<c>interop/hpke/measure.mjs</c>), which stays while it is compared, so that its compiler
/// has settled too.</summary>
internal sealed class HpkeRival : IDisposable
{
    private readonly Process _process;
    private readonly string _members;

    public HpkeRival(byte[] info, byte[] associatedData, byte[] text)
    {
        _members = $"\"info\":\"{Convert.ToHexString(info)}\",\"associatedData\":\"{Convert.ToHexString(associatedData)}\","
            + $"\"text\":\"{Convert.ToHexString(text)}\"";
        _process = Process.Start(new ProcessStartInfo("node", "interop/hpke/measure.mjs")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Processor time of one message, all threads of the rival.</summary>
    public double MeasureNs(HpkeSuite suite, bool opens, int count)
    {
        _process.StandardInput.WriteLine(
            $"{{\"suite\":[{(int)suite.Kem},{(int)suite.Kdf},{(int)suite.Aead}],{_members},"
            + $"\"opens\":{(opens ? "true" : "false")},\"count\":{count}}}");
        string? answer = _process.StandardOutput.ReadLine();
        BenchException.Require(answer is not null, "@hpke/core ended; run interop/hpke/install.sh, then this again.");
        using JsonDocument document = JsonDocument.Parse(answer!);
        return document.RootElement.GetProperty("ns").GetDouble();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
