using Pdm6.Registration.Tests.Storage;

namespace Pdm6.Registration.Tests.Server;

/// <inheritdoc cref="RelayContract"/>
public sealed class RelayOnSqliteTests(SqliteKind kind) : RelayContract(kind), IClassFixture<SqliteKind>;
