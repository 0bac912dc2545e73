namespace Pdm6.Lab;

/// <summary>A real program that asks a service of the laboratory for something, again and again, and checks each answer.</summary>
public interface ITraffic
{
    /// <summary>What to call it.</summary>
    string Name { get; }

    /// <summary>
    /// Asks until <paramref name="stopAsking"/>, lets the request under way end, and says how it went.
    /// </summary>
    /// <exception cref="LaboratoryException">The program is not installed or does not run at all.</exception>
    Task<TrafficReport> RunAsync(CancellationToken stopAsking);
}
