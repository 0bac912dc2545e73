namespace Pdm6.Lab.Tests;

/// <summary>Names for namespaces made by tests: numbers from 200 on do not meet those of laboratories.</summary>
internal static class Names
{
    internal static NamespaceName Unique(string role) => new(Environment.ProcessId, 200, role);
}
