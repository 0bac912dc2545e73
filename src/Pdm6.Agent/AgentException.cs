namespace Pdm6.Agent;

/// <summary>The agent cannot start: configuration, key file, host or kernel. The message is one line that says what to
/// do, and nothing on the host was changed.</summary>
public sealed class AgentException : Exception
{
    /// <summary>An exception whose message a person reads.</summary>
    public AgentException(string message) : base(message) { }

    /// <summary>An exception whose message a person reads, with its cause.</summary>
    public AgentException(string message, Exception innerException) : base(message, innerException) { }
}
