namespace Pdm6.Collector;

/// <summary>
/// The collector cannot start as it was asked to. The message is one line that says what to do; nothing was changed.
/// </summary>
public sealed class CollectorConfigurationException : Exception
{
    /// <summary>An error whose message is the line to show.</summary>
    public CollectorConfigurationException(string message) : base(message)
    {
    }

    /// <summary>An error whose message is the line to show, and what led to it.</summary>
    public CollectorConfigurationException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
