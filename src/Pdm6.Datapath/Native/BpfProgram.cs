namespace Pdm6.Datapath.Native;

/// <summary>A program loaded into the kernel.</summary>
public sealed unsafe class BpfProgram
{
    internal BpfProgram(int descriptor, string name) => (Descriptor, Name) = (descriptor, name);

    /// <summary>Its name in the object.</summary>
    public string Name { get; }

    internal int Descriptor { get; }

    /// <summary>
    /// Runs the program on a packet that never was on a wire (BPF_PROG_TEST_RUN). The packet begins with its
    /// Ethernet header.
    /// </summary>
    /// <param name="packet">The packet, at least 14 octets.</param>
    /// <param name="output">Takes the packet as the program leaves it; may be empty.</param>
    /// <param name="repeat">How many times to run; each run sees what the one before left.</param>
    /// <param name="context">A struct __sk_buff to run with; empty for the kernel's default.</param>
    /// <exception cref="DatapathException">The kernel refused, or <paramref name="output"/> is too short.</exception>
    public BpfTestRun TestRun(ReadOnlySpan<byte> packet, Span<byte> output = default, int repeat = 1, ReadOnlySpan<byte> context = default)
    {
        fixed (byte* dataIn = packet, dataOut = output, contextIn = context)
        {
            TestRunOptions options = new()
            {
                Size = (nuint)sizeof(TestRunOptions),
                DataIn = dataIn,
                DataSizeIn = (uint)packet.Length,
                DataOut = dataOut,
                DataSizeOut = (uint)output.Length,
                ContextIn = contextIn,
                ContextSizeIn = (uint)context.Length,
                Repeat = repeat,
            };
            DatapathException.ThrowIfNegative(Libbpf.bpf_prog_test_run_opts(Descriptor, &options), $"Running the program '{Name}'");
            return new BpfTestRun((int)options.ReturnValue, (int)options.DataSizeOut, options.DurationNs);
        }
    }
}
