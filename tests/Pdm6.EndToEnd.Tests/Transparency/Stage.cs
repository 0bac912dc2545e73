namespace Pdm6.EndToEnd.Tests.Transparency;

/// <summary>How the agents are set while all exchanges run once.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="PathMtu">The agents' setting; null: no agents.</param>
/// <param name="Strip">The agents' setting.</param>
internal sealed record Stage(string Name, int? PathMtu, bool Strip);
