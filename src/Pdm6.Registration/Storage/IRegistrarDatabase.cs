using System.Data.Common;

namespace Pdm6.Registration.Storage;

/// <summary>What differs between the databases that can hold a registrar's store.</summary>
internal interface IRegistrarDatabase : IDisposable
{
    /// <summary>What it is and where, for people. Holds no password.</summary>
    string Description { get; }

    /// <summary>A connection, its schema being the newest.</summary>
    /// <exception cref="DbException">The database cannot be reached now.</exception>
    SqlSession Open();

    /// <summary>Begins a transaction in which nobody else writes: what it reads stays true until it ends, and versions
    /// become visible in their order.</summary>
    DbTransaction BeginWriting(SqlSession session);

    /// <summary>Begins a transaction that sees the store as it is at its first statement, whoever writes
    /// meanwhile.</summary>
    DbTransaction BeginReading(SqlSession session);
}
