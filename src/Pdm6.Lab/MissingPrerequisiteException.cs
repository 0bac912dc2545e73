namespace Pdm6.Lab;

/// <summary>This host lacks what the laboratory needs: a right, a program or an interface. Nothing was changed; the
/// message says what to do.</summary>
public sealed class MissingPrerequisiteException : LaboratoryException
{
    /// <summary>Creates the exception with a message for the user.</summary>
    public MissingPrerequisiteException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message for the user and its cause.</summary>
    public MissingPrerequisiteException(string message, Exception cause) : base(message, cause)
    {
    }
}
