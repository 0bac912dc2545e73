namespace Pdm6.Registration;

/// <summary>
/// The registrar or its store cannot be used as it was asked to, or an operator asked for something that is not there.
/// The message is one line that says what to do; nothing was changed.
/// </summary>
public sealed class RegistrarException : Exception
{
    /// <summary>An error whose message is the line to show.</summary>
    public RegistrarException(string message) : base(message)
    {
    }

    /// <summary>An error whose message is the line to show, and what led to it.</summary>
    public RegistrarException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
