using FitTrack.Core.Messaging;
using FitTrack.Core.Trackers;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Administration;

public sealed class JobTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_WhenAWorkerFallsSilent_SaySo()
    {
        var admin = await api.NewAdminAsync();
        await using var scope = api.Factory.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Heartbeats>().BeatAsync(Ct);
        var running = WorkerHeartbeat.Create(new InstanceId(), "1.0", api.Clock.GetUtcNow() - Heartbeats.Silence);
        var silent = WorkerHeartbeat.Create(new InstanceId(), "1.0", api.Clock.GetUtcNow() - Heartbeats.Silence - TimeSpan.FromSeconds(1));
        await using (var db = api.OpenDb())
        {
            db.AddRange(running, silent);
            await db.SaveChangesAsync(Ct);
        }

        var jobs = await admin.Client.GetJsonAsync("/api/v1/admin/jobs");

        var workers = jobs.GetProperty("workers").EnumerateArray().ToDictionary(w => w.GetProperty("id").GetString()!, w => w.GetProperty("isRunning").GetBoolean(), StringComparer.Ordinal);
        Assert.Equal((3, true, false), (workers.Count, workers[running.WorkerId], workers[silent.WorkerId]));
        Assert.Contains(jobs.GetProperty("queues").EnumerateArray(), q => q.GetProperty("name").GetString() == WebhookInbox.QueueName && q.GetProperty("waiting").GetInt64() == 0);
    }
}
