using Pdm6.Registration.Contract;

namespace Pdm6.Registration.Server;

/// <summary>What an applicant gets: one of the two.</summary>
internal sealed record EnrollmentOutcome(EnrollmentAnswer? Enrolled, PendingAnswer? Pending);
