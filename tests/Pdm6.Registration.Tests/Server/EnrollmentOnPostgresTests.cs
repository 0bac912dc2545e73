using Pdm6.Registration.Tests.Storage;

namespace Pdm6.Registration.Tests.Server;

/// <inheritdoc cref="EnrollmentContract"/>
public sealed class EnrollmentOnPostgresTests(PostgresKind kind) : EnrollmentContract(kind), IClassFixture<PostgresKind>;
