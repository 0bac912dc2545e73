using Pdm6.Lab;
using Pdm6.Registration.Tests.Server;

namespace Pdm6.Registration.Tests.Storage;

/// <summary>PostgreSQL: one server for all tests of a class, a database for each.</summary>
public sealed class PostgresKind : IStoreKind, IAsyncLifetime
{
    private PostgresServer? _server;

    public async Task InitializeAsync() => _server = await PostgresServer.StartAsync(isDurable: false);

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    Task<TestRegistrar> IStoreKind.StartAsync(Func<RegistrarOptions, RegistrarOptions>? change) => TestRegistrar.StartAsync(options =>
    {
        options = options with { Database = _server!.CreateDatabase() };
        return change?.Invoke(options) ?? options;
    });
}
