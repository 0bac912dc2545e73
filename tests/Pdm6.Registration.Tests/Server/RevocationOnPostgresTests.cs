using Pdm6.Registration.Tests.Storage;

namespace Pdm6.Registration.Tests.Server;

/// <inheritdoc cref="RevocationContract"/>
public sealed class RevocationOnPostgresTests(PostgresKind kind) : RevocationContract(kind), IClassFixture<PostgresKind>;
