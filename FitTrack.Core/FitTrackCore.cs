using FitTrack.Core.Accounts;
using FitTrack.Core.Activities;
using FitTrack.Core.Competition;
using FitTrack.Core.Drawings;
using FitTrack.Core.Fulfillments;
using FitTrack.Core.Imports;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Messaging;
using FitTrack.Core.Notifications;
using FitTrack.Core.Points;
using FitTrack.Core.Privacy;
using FitTrack.Core.Reports;
using FitTrack.Core.Security;
using FitTrack.Core.Seeding;
using FitTrack.Core.Trackers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FitTrack.Core;

/// <summary>What Api and Worker have in common: every feature's use cases, a line a feature.</summary>
public static class FitTrackCore
{
    /// <summary>The database is registered apart from this (it differs by package set and belongs to the host builder).</summary>
    public static IServiceCollection AddFitTrackCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddFitTrackDataProtection()
            .AddScoped<BlockedAddresses>()
            .AddMessaging()
            .AddCompetition()
            .AddAccounts()
            .AddLeaderboards()
            .AddPoints()
            .AddActivities()
            .AddTrackers()
            .AddImports()
            .AddDrawings()
            .AddFulfillments()
            .AddNotifications()
            .AddReports()
            .AddPrivacy()
            .AddSeeding();
    }
}
