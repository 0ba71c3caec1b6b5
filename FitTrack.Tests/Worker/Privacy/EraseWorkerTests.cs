using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Privacy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FitTrack.Tests.Worker.Privacy;

public sealed class EraseWorkerTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunPass_WhenAnAccountIsDue_ErasesItAndSaysHowMany()
    {
        var member = await api.NewMemberAsync();
        (await member.Client.DeleteAsync("/api/v1/users/me", Ct)).EnsureSuccessStatusCode();
        api.Clock.Advance(TimeSpan.FromDays(30));

        var logs = await RunPassAsync(api.Factory.Services.GetRequiredService<IServiceScopeFactory>());

        Assert.Contains(logs.Lines, l => l.Text.Contains("personal data of 1 was erased", StringComparison.Ordinal));
        await using var db = api.OpenDb();
        Assert.Equal(api.Clock.Now, (await db.Set<User>().SingleAsync(u => u.Id == member.Id, Ct)).AnonymizedAt);
    }

    [Fact]
    public async Task RunPass_WhenTheDatabaseIsDown_SaysSoAndGoesOn()
    {
        await using var down = new ApiFactory("Host=127.0.0.1;Port=9;Username=none;Database=none;Timeout=2");
        var logs = await RunPassAsync(down.Services.GetRequiredService<IServiceScopeFactory>());
        Assert.Single(logs.Errors, line => line.StartsWith("EraseWorker could not do its work", StringComparison.Ordinal));
    }

    private async Task<LogRecorder> RunPassAsync(IServiceScopeFactory scopes)
    {
        var logs = new LogRecorder();
        using var loggers = new LoggerFactory([logs]);
        using var worker = new EraseWorker(scopes, api.Clock, loggers.CreateLogger<EraseWorker>());
        await worker.RunPassAsync(Ct);
        return logs;
    }
}
