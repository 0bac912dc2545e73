using System.Net;
using Pdm6.Registration.Contract;
using Pdm6.Registration.Tests.Server;
using Pdm6.Security;
using Pdm6.Security.Announcements;
using Pdm6.Security.Identity;

namespace Pdm6.Cli.Tests.Registration;

/// <summary>Asks the same until it gets an answer, whatever happens to the registrar, and remembers what it was told.</summary>
internal sealed class StubbornParticipant(Uri registrar, string name, string address, Action acknowledged) : IDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(3);
    private readonly CancellationTokenSource _giveUp = new(_deadline);
    private Announcement? _announcement;

    public TestParticipant Participant { get; } = new(registrar, name, Role.Endpoint);

    public string Name => name;

    public string Address => address;

    /// <summary>The certificate that it was given first.</summary>
    public byte[] Certificate { get; private set; } = [];

    public ContextId Context => _announcement!.ContextId;

    /// <summary>The version that its announcement was given first.</summary>
    public long Version { get; private set; }

    public async Task LiveAsync(string token, Recipient analyzer)
    {
        EnrollmentAnswer answer = await UntilAnsweredAsync(
            () => Participant.AskToEnrollAsync(token), HttpStatusCode.Created, RegistrarJson.Default.EnrollmentAnswer);
        Certificate = answer.Certificate;
        acknowledged();
        Participant.Use(answer.Certificate);
        _announcement = Participant.Announcement(address);
        SignedEnvelope envelope = Participant.Sign(
            EnvelopeKind.Announcement, SealedAnnouncement.Seal(_announcement, new byte[32], [analyzer], Participant.Certificate!));
        Version = (await UntilAnsweredAsync(
            () => Participant.SendAnnouncementAsync(envelope), HttpStatusCode.OK, RegistrarJson.Default.VersionAnswer)).Version;
        acknowledged();
    }

    public Task<EnrollmentAnswer> AskAgainAsync(string token) => UntilAnsweredAsync(
        () => Participant.AskToEnrollAsync(token), HttpStatusCode.Created, RegistrarJson.Default.EnrollmentAnswer);

    public void Dispose()
    {
        Participant.Dispose();
        _giveUp.Dispose();
    }

    private async Task<T> UntilAnsweredAsync<T>(
        Func<Task<HttpResponseMessage>> ask, HttpStatusCode good, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        while (true)
        {
            try
            {
                HttpResponseMessage response = await ask();
                if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                    return await TestParticipant.ReadAsync(response, good, type);
                response.Dispose();
            }
            catch (Exception killed) when (killed is HttpRequestException or IOException)
            {
                // The registrar was killed before, or while, it answered: nobody knows whether it was done.
            }
            await Task.Delay(50, _giveUp.Token);
        }
    }
}
