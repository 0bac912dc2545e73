using Pdm6.Fuzz;
using Pdm6.Fuzz.Engine;
using Pdm6.Fuzz.Targets;

if (Options.Read(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
FuzzTarget[] all = options.Planted ? PlantedTargets.Create() : AllTargets.Create();
if (options.List)
{
    foreach (FuzzTarget target in all)
        Console.WriteLine(target.Name);
    return 0;
}
FuzzTarget[] chosen = [.. all.Where(target => options.Targets.Count == 0 || options.Targets.Contains(target.Name))];
if (chosen.Length == 0 || (options.Targets.Count > 0 && chosen.Length != options.Targets.Distinct().Count()))
{
    Console.Error.WriteLine("fuzz: there is no such target; fuzz/run --list names them");
    return 2;
}
Session session = new(options, Console.Out);
if (options.Recover)
    return session.Recover() ? 1 : 0;
if (options.Replay is null)
    return session.Run(chosen) ? 0 : 1;
if (chosen.Length != 1 || !File.Exists(options.Replay))
{
    Console.Error.WriteLine("fuzz: --replay wants a file that exists and one --target");
    return 2;
}
return session.Replay(chosen[0], File.ReadAllBytes(options.Replay)) ? 0 : 1;
