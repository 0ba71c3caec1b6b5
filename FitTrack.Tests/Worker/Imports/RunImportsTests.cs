using System.Net;
using System.Text.Json;
using FitTrack.Core.Imports;
using FitTrack.Core.Messaging;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Worker.Imports;

/// <summary>A file is read once, however many Workers there are and whenever one of them dies.</summary>
public sealed class RunImportsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunNext_AfterTheProcessThatHadItDied_BeginsAgainWhenTheLeaseEnds()
    {
        var member = await api.NewMemberAsync();
        var batch = await UploadAsync(member.Client);
        await ClaimAsDyingWorkerAsync(batch);

        await api.Factory.RunImportsAsync();
        Assert.Equal("running 0 0 0 0", ImportSteps.Counts(await member.Client.GetJsonAsync(Url(batch))));
        using var busy = await member.Client.DeleteAsync(Url(batch), Ct);
        await busy.ReadProblemAsync(HttpStatusCode.Conflict);

        api.Clock.Advance(TimeSpan.FromMinutes(3));
        await api.Factory.RunImportsAsync();
        Assert.Equal("completed 1 0 0 0", ImportSteps.Counts(await member.Client.GetJsonAsync(Url(batch))));
    }

    [Fact]
    public async Task RunNext_AFileThatEndsEveryProcess_IsGivenUp()
    {
        var member = await api.NewMemberAsync();
        var batch = await UploadAsync(member.Client);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await ClaimAsDyingWorkerAsync(batch);
            api.Clock.Advance(TimeSpan.FromMinutes(3));
        }

        await api.Factory.RunImportsAsync();

        var failed = await member.Client.GetJsonAsync(Url(batch));
        Assert.Equal(("failed 0 0 0 1", "The file could not be read."), (ImportSteps.Counts(failed), failed.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task RunNext_BySeveralAtOnce_StoresEachFileOnce()
    {
        var member = await api.NewMemberAsync();
        var batches = new List<Guid>();
        for (var i = 0; i < 6; i++)
            batches.Add(await UploadAsync(member.Client, i % 2));

        // The same run is in three files at once: whoever comes second finds it known, at once or after a lost race.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => api.Factory.RunImportsAsync()));
        await api.Factory.RunImportsAsync();

        var counts = new List<JsonElement>();
        foreach (var batch in batches)
            counts.Add(await member.Client.GetJsonAsync(Url(batch)));
        Assert.Equal((2, 4), (counts.Sum(c => c.GetProperty("added").GetInt32()), counts.Sum(c => c.GetProperty("skipped").GetInt32())));
        Assert.All(counts, c => Assert.Equal("completed", c.GetProperty("status").GetString()));
        Assert.Equal(2, (await member.Client.GetJsonAsync("/api/v1/activities")).GetProperty("pagination").GetProperty("total").GetInt32());
    }

    [Fact(Timeout = 60_000)]
    public async Task ImportWorker_WhenAFileComes_ReadsItWithoutBeingAsked()
    {
        var member = await api.NewMemberAsync();
        var services = api.Factory.Services;
        using var worker = new ImportWorker(
            services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<IMessageBus>(), Options.Create(new ImportOptions()), api.Clock, NullLogger<ImportWorker>.Instance);
        await worker.StartAsync(Ct);

        // The clock stands still: only the message that the upload sends can wake it after its first look.
        var batch = await UploadAsync(member.Client);
        var read = await Until.HoldsAsync("the file to be read", () => member.Client.GetJsonAsync(Url(batch)), b => b.GetProperty("status").GetString() is not ("queued" or "running"));

        Assert.Equal("completed 1 0 0 0", ImportSteps.Counts(read));
        await worker.StopAsync(Ct);
    }

    [Fact]
    public async Task CountWaiting_WithFilesThatWait_IsSeenInTheHealthAnswer()
    {
        var member = await api.NewMemberAsync();
        await using var scope = api.Factory.NewScope();
        var backlog = scope.ServiceProvider.GetServices<IWorkBacklog>().Single(b => b.Name == ImportUploads.QueueName);
        var before = await backlog.CountWaitingAsync(Ct);
        var batch = await UploadAsync(member.Client);
        Assert.Equal(before + 1, await backlog.CountWaitingAsync(Ct));
        using var undone = await member.Client.DeleteAsync(Url(batch), Ct);
        Assert.Equal(before, await backlog.CountWaitingAsync(Ct));
    }

    private static async Task<Guid> UploadAsync(HttpClient client, int hour = 0)
    {
        using var sent = await client.UploadAsync(SampleFiles.Bytes(SampleFiles.Gpx(SampleFiles.Start.AddHours(hour))));
        return (await sent.ReadJsonAsync(HttpStatusCode.Accepted)).GetProperty("id").GetGuid();
    }

    /// <summary>What a claim leaves behind when the process is killed after it.</summary>
    private async Task ClaimAsDyingWorkerAsync(Guid id)
    {
        await using var db = api.OpenDb();
        DateTimeOffset? until = api.Clock.Now.AddMinutes(2);
        await db.Set<ImportBatch>().Where(b => b.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(b => b.Status, ImportStatus.Running).SetProperty(b => b.LeaseOwner, "gone").SetProperty(b => b.LeaseExpiresAt, until).SetProperty(b => b.Fence, b => b.Fence + 1), Ct);
    }

    private static string Url(Guid batch) => $"{ImportSteps.Address}/{batch}";
}
