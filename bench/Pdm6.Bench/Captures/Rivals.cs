using System.Diagnostics;

namespace Pdm6.Bench;

/// <summary>Other programs that read the same captures. They do less: none of them can open an option.</summary>
internal static class Rivals
{
    /// <summary>tshark dissects every packet and prints the type of its options.</summary>
    public static Contender Tshark(CaptureFiles files) => new("tshark dissects, prints option types", () =>
    {
        string output = Run(out double ns, "tshark", "-n", "-r", files.PathOf(CaptureFiles.Middle), "-T", "fields", "-e", "ipv6.opt.type");
        BenchException.Require(output.Count(c => c == '\n') == CaptureFiles.Middle, "tshark did not read every packet.");
        return ns / CaptureFiles.Middle;
    });

    /// <summary>Scapy dissects every packet and looks for the option.</summary>
    public static Contender Scapy(CaptureFiles files) => new("Scapy dissects, finds the option", () =>
    {
        const string Program = """
            import sys
            from scapy.all import PcapReader, IPv6ExtHdrDestOpt
            found = 0
            for packet in PcapReader(sys.argv[1]):
                if IPv6ExtHdrDestOpt in packet and any(o.otype == 0x1e for o in packet[IPv6ExtHdrDestOpt].options):
                    found += 1
            print(found)
            """;
        string output = Run(out double ns, "/usr/bin/python3", "-c", Program, files.PathOf(CaptureFiles.Small));
        BenchException.Require(output.Trim() == $"{CaptureFiles.Small}", "Scapy did not find every option.");
        return ns / CaptureFiles.Small;
    });

    /// <summary>Runs a program and tells its processor time. Its start counts: on these files it is a small part.</summary>
    private static string Run(out double processorNs, string program, params string[] arguments)
    {
        long before = ThreadClock.ChildrenCpuNs();
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        BenchException.Require(process.ExitCode == 0, $"{program} failed: {errors.Result}");
        processorNs = ThreadClock.ChildrenCpuNs() - before;
        return output;
    }
}
