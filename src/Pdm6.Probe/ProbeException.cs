namespace Pdm6.Probe;

/// <summary>A prober or a reflector cannot do what it was asked to; the message is one line that says what to do.</summary>
public sealed class ProbeException : Exception
{
    /// <summary>Creates the exception with a message for the user.</summary>
    public ProbeException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message for the user and its cause.</summary>
    public ProbeException(string message, Exception cause) : base(message, cause)
    {
    }
}
