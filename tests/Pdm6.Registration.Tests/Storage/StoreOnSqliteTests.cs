namespace Pdm6.Registration.Tests.Storage;

/// <inheritdoc cref="StoreContract"/>
public sealed class StoreOnSqliteTests(SqliteKind kind) : StoreContract(kind), IClassFixture<SqliteKind>;
