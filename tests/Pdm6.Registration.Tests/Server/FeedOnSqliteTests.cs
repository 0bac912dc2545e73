using Pdm6.Registration.Tests.Storage;

namespace Pdm6.Registration.Tests.Server;

/// <inheritdoc cref="FeedContract"/>
public sealed class FeedOnSqliteTests(SqliteKind kind) : FeedContract(kind), IClassFixture<SqliteKind>;
