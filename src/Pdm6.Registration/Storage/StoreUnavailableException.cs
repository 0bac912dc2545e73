namespace Pdm6.Registration.Storage;

/// <summary>The store cannot do it now: the disk is full, the database is away, or too much waits.</summary>
internal sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(string message) : base(message)
    {
    }

    public StoreUnavailableException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
