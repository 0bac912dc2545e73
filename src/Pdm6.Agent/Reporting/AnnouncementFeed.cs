using Pdm6.Export;
using Pdm6.Security;

namespace Pdm6.Agent.Reporting;

/// <summary>Keeps asking the collector for the announcements of others.</summary>
/// <param name="client">The way to the collector.</param>
/// <param name="link">Takes note of the replies.</param>
/// <param name="changed">Called with every new page, on another thread.</param>
internal sealed class AnnouncementFeed(CollectorClient client, CollectorLink link, Action<IReadOnlyList<Announcement>> changed)
{
    private const int WaitSeconds = 30;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = default;
        long version = 0;
        while (true)
        {
            (CollectorReply reply, AnnouncementPage? page) =
                await client.GetAnnouncementsAsync(version, WaitSeconds, cancellationToken).ConfigureAwait(false);
            if (link.Note(reply).IsAccepted && page is not null)
            {
                version = Math.Max(0, page.Version);
                changed(page.Announcements);
                backoff.Reset();
            }
            else
            {
                await Task.Delay(backoff.Next(), cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
