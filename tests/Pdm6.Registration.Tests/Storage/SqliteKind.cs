using Pdm6.Registration.Tests.Server;

namespace Pdm6.Registration.Tests.Storage;

/// <summary>SQLite in the registrar's own data directory.</summary>
public sealed class SqliteKind : IStoreKind
{
    Task<TestRegistrar> IStoreKind.StartAsync(Func<RegistrarOptions, RegistrarOptions>? change) => TestRegistrar.StartAsync(change);
}
