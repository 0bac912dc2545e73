using Pdm6.Bench;
using Pdm6.Datapath;
using Pdm6.Lab;
using Pdm6.Probe;

(string Name, Action Run)[] parts =
[
    ("datapath", DatapathBench.Run),
    ("udp", UdpBench.Run),
    ("opening", OpeningBench.Run),
    ("ring", RingBench.Run),
    ("collector", CollectorBench.Run),
    ("probe", ProbeBench.Run),
    ("analyze", AnalyzeBench.Run),
    ("decode", DecodeBench.Run),
    ("hpke", HpkeBench.Run),
];
if (args.FirstOrDefault(name => parts.All(part => part.Name != name)) is { } unknown)
{
    Console.Error.WriteLine($"bench: there is no part '{unknown}'; there are: {string.Join(", ", parts.Select(part => part.Name))}");
    return 2;
}
try
{
    foreach ((string name, Action run) in parts)
        if (args.Length == 0 || args.Contains(name))
            run();
    return 0;
}
catch (BenchException e)
{
    Console.Error.WriteLine($"bench: {e.Message}");
    return 1;
}
catch (Exception e) when (e is DatapathException or LaboratoryException or ProbeException)
{
    Console.Error.WriteLine($"bench: {e.Message}");
    return 1;
}
