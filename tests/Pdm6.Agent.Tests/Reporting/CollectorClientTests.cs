using Microsoft.AspNetCore.Http;
using Pdm6.Agent.Tests.Support;
using Pdm6.Export;

namespace Pdm6.Agent.Tests.Reporting;

/// <summary>What a collector's strange answers become.</summary>
public class CollectorClientTests
{
    private static readonly byte[] s_keyFile = new byte[32];

    [Theory]
    [InlineData("application/json; charset=no-such-charset")]
    [InlineData("application/json; charset=utf-7")]
    public async Task GetAnnouncementsAsync_CharsetThatCannotBeRead_IsRefused(string contentType)
    {
        await using TestCollector collector = await TestCollector.StartAsync(s_keyFile);
        collector.Instead = _ => Results.Bytes("{}"u8.ToArray(), contentType);
        using LabIdentity identity = LabIdentity.ForAgent(s_keyFile);
        using CollectorClient client = new(collector.Address, identity);

        (CollectorReply reply, AnnouncementPage? page) = await client.GetAnnouncementsAsync(0, 0, default);

        Assert.Equal((CollectorOutcome.Refused, null), (reply.Outcome, page));
    }

    [Theory]
    [InlineData("text/plain; charset=no-such-charset")]
    [InlineData("text/plain; charset=utf-7")]
    public async Task PostObservationsAsync_ReasonInACharsetThatCannotBeRead_KeepsTheMeaningOfTheStatus(string contentType)
    {
        await using TestCollector collector = await TestCollector.StartAsync(s_keyFile);
        collector.Instead = _ => new Busy(contentType);
        using LabIdentity identity = LabIdentity.ForAgent(s_keyFile);
        using CollectorClient client = new(collector.Address, identity);

        CollectorReply reply = await client.PostObservationsAsync(new byte[1], default);

        Assert.Equal(new CollectorReply(CollectorOutcome.Busy, "503: later"), reply);
    }

    private sealed class Busy(string contentType) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            httpContext.Response.ContentType = contentType;
            return httpContext.Response.Body.WriteAsync("later"u8.ToArray()).AsTask();
        }
    }
}
