namespace Pdm6.Registration.Client;

/// <summary>The registrar does not enrol this host, or is not the one that the token names. The message is one line and says what to
/// do.</summary>
public sealed class EnrollmentException : Exception
{
    /// <summary>An exception whose message a person reads.</summary>
    public EnrollmentException(string message) : base(message)
    {
    }

    /// <summary>An exception whose message a person reads, with its cause.</summary>
    public EnrollmentException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>An exception without a message.</summary>
    public EnrollmentException()
    {
    }
}
