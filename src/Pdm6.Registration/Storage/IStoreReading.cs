namespace Pdm6.Registration.Storage;

/// <summary>A read that waits for a connection.</summary>
internal interface IStoreReading
{
    /// <summary>True if nobody waits for it any more.</summary>
    bool IsGivenUp { get; }

    /// <summary>Does it.</summary>
    void Do(SqlSession sql);

    /// <summary>Gives the result to whoever waits.</summary>
    void Succeed();

    /// <summary>Tells whoever waits that there is none.</summary>
    void Fail(Exception error);
}
