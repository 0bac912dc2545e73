namespace Pdm6.Registration;

/// <summary>How much one client may ask: so many requests at once, and so many a second after that.</summary>
public sealed record RegistrarRates
{
    /// <summary>Requests without a certificate of this registrar (enrolments first of all), a second and network: /64, or
    /// one IPv4 address.</summary>
    public double StrangersPerSecond { get; init; } = 20;

    /// <summary>Of those, at once.</summary>
    public int StrangersAtOnce { get; init; } = 200;

    /// <summary>Requests a second and participant.</summary>
    public double ParticipantsPerSecond { get; init; } = 20;

    /// <summary>Of those, at once.</summary>
    public int ParticipantsAtOnce { get; init; } = 200;
}
