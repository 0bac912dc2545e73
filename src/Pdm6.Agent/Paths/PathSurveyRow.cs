namespace Pdm6.Agent.Paths;

/// <summary>One form of a <see cref="PathSurvey"/>.</summary>
/// <param name="Form">The name of a <see cref="PathForm"/>.</param>
/// <param name="Carriage">The carriage that goes in this form; empty if none does.</param>
/// <param name="Octets">What it adds to a packet.</param>
/// <param name="Arrived">How many arrived whole at the destination.</param>
/// <param name="CameBack">How many came back whole from there.</param>
public sealed record PathSurveyRow(string Form, string Carriage, int Octets, int Arrived, int CameBack);
