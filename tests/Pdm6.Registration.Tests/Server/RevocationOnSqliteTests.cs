using Pdm6.Registration.Tests.Storage;

namespace Pdm6.Registration.Tests.Server;

/// <inheritdoc cref="RevocationContract"/>
public sealed class RevocationOnSqliteTests(SqliteKind kind) : RevocationContract(kind), IClassFixture<SqliteKind>;
