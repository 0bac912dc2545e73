namespace Pdm6.Lab;

/// <summary>The laboratory could not be built or run: a program failed, a capability or a file is missing. The message
/// is one line that can be shown to a user.</summary>
public class LaboratoryException : Exception
{
    /// <summary>Creates the exception with a message for the user.</summary>
    public LaboratoryException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message for the user and its cause.</summary>
    public LaboratoryException(string message, Exception cause) : base(message, cause)
    {
    }
}
