using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath;

/// <summary>Reads the per-processor counters and adds them up.</summary>
internal sealed class CounterMaps(BpfObject programs)
{
    private readonly BpfMap _reasons = programs.Map("reasons");
    private readonly BpfMap _ingress = programs.Map("ingress_counters");
    private readonly int _processors = DatapathException.ThrowIfNegative(Libbpf.libbpf_num_possible_cpus(), "Counting processors");

    internal unsafe DatapathCounters Read()
    {
        AbiOutcomes[] perProcessor = new AbiOutcomes[_reasons.MaxEntries * _processors];
        _reasons.GetArray<AbiOutcomes>(perProcessor, _processors);
        ulong[] outcomes = new ulong[_reasons.MaxEntries * AbiOutcomes.Count];
        for (int i = 0; i < perProcessor.Length; i++)
            for (int outcome = 0; outcome < AbiOutcomes.Count; outcome++)
                outcomes[i / _processors * AbiOutcomes.Count + outcome] += perProcessor[i].Packets[outcome];

        AbiIngressCounters[] ingress = new AbiIngressCounters[_processors];
        _ingress.GetArray<AbiIngressCounters>(ingress, _processors);
        ulong[] verdicts = new ulong[AbiIngressCounters.VerdictCount];
        ulong stripped = 0, ringLost = 0;
        foreach (AbiIngressCounters counters in ingress)
        {
            for (int i = 0; i < verdicts.Length; i++)
                verdicts[i] += counters.Verdicts[i];
            stripped += counters.Stripped;
            ringLost += counters.RingLost;
        }
        return new DatapathCounters(outcomes, verdicts, stripped, ringLost);
    }
}
