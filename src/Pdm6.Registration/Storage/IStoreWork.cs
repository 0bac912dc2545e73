namespace Pdm6.Registration.Storage;

/// <summary>A piece of work that waits to be done together with others.</summary>
internal interface IStoreWork
{
    /// <summary>Does it. May be called again on another transaction if the one before came to nothing.</summary>
    void Do(StoreTransaction transaction);

    /// <summary>Tells whoever waits that it is durable.</summary>
    void Succeed();

    /// <summary>Tells whoever waits that it was not done, or that nobody can say.</summary>
    void Fail(Exception error);
}
