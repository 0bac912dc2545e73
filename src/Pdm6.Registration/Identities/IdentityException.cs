namespace Pdm6.Registration.Identities;

/// <summary>An identity directory that cannot be used. The message is one line and says what to do.</summary>
public sealed class IdentityException : Exception
{
    /// <summary>An exception whose message a person reads.</summary>
    public IdentityException(string message) : base(message)
    {
    }

    /// <summary>An exception whose message a person reads, with its cause.</summary>
    public IdentityException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>An exception without a message.</summary>
    public IdentityException()
    {
    }
}
