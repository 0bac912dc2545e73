namespace Pdm6.Registration.Tests.Storage;

/// <inheritdoc cref="StoreContract"/>
public sealed class StoreOnPostgresTests(PostgresKind kind) : StoreContract(kind), IClassFixture<PostgresKind>;
