namespace Pdm6.Security;

/// <summary>A key file that cannot be used. The message is one line and says what to do.</summary>
public sealed class KeyFileException : Exception
{
    /// <summary>An exception whose message a person reads.</summary>
    public KeyFileException(string message) : base(message)
    {
    }

    /// <summary>An exception whose message a person reads, with its cause.</summary>
    public KeyFileException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>An exception without a message.</summary>
    public KeyFileException()
    {
    }
}
