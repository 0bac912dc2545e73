using Pdm6.Registration.Tests.Storage;

namespace Pdm6.Registration.Tests.Server;

/// <inheritdoc cref="FeedContract"/>
public sealed class FeedOnPostgresTests(PostgresKind kind) : FeedContract(kind), IClassFixture<PostgresKind>;
