namespace Pdm6.Collector.Windows;

/// <summary>The numbers of one group in one stretch of time.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Second">Where the stretch begins, seconds since the Unix epoch.</param>
/// <param name="Numbers">What was measured.</param>
internal sealed record GroupWindow(string Group, long Second, GroupNumbers Numbers);
