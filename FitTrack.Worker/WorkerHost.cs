using FitTrack.Core;
using FitTrack.Core.Data;
using FitTrack.ServiceDefaults;
using FitTrack.Worker.Accounts;
using FitTrack.Worker.Activities;
using FitTrack.Worker.Data;
using FitTrack.Worker.Drawings;
using FitTrack.Worker.Fulfillments;
using FitTrack.Worker.Imports;
using FitTrack.Worker.Leaderboards;
using FitTrack.Worker.Notifications;
using FitTrack.Worker.Points;
using FitTrack.Worker.Privacy;
using FitTrack.Worker.Trackers;

namespace FitTrack.Worker;

/// <summary>The long-running worker: every feature's background jobs, and health and metrics over HTTP.</summary>
internal static class WorkerHost
{
    public static async Task RunAsync(string[] args, CancellationToken ct)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.AddFitTrackDatabase();
        builder.Services.AddFitTrackCore();

        // The jobs, a line a feature.
        builder.Services.AddHeartbeat();
        builder.Services.AddDrawingJobs();
        builder.Services.AddHostedService<FulfillmentWorker>();
        builder.Services.AddHostedService<ExpiredKeysWorker>();
        builder.Services.AddHostedService<EraseWorker>();
        builder.Services.AddHostedService<OutboxWorker>();
        builder.Services.AddHostedService<BirthdayWorker>();
        builder.Services.AddHostedService<SignInUpkeepWorker>();
        builder.Services.AddHostedService<ImportWorker>();
        builder.Services.AddTrackerJobs();
        builder.Services.AddActivityJobs();
        builder.Services.AddPointJobs();
        builder.Services.AddLeaderboardJobs();

        await using var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.RunAsync(ct);
    }
}
