using Pdm6.Registration.Tests.Storage;

namespace Pdm6.Registration.Tests.Server;

/// <inheritdoc cref="RelayContract"/>
public sealed class RelayOnPostgresTests(PostgresKind kind) : RelayContract(kind), IClassFixture<PostgresKind>;
