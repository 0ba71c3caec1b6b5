using FitTrack.Core.Accounts;
using FitTrack.Core.Activities;
using FitTrack.Core.Coach;
using FitTrack.Core.Drawings;
using FitTrack.Core.Fulfillments;
using FitTrack.Core.Imports;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Notifications;
using FitTrack.Core.Points;
using FitTrack.Core.Trackers;
using FitTrack.Core.Training;
using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Privacy;

public static class PrivacyRegistration
{
    /// <summary>Export, import and erasure, and what each feature has to say to them.</summary>
    public static IServiceCollection AddPrivacy(this IServiceCollection services)
    {
        services.AddOptions<PrivacyOptions>().BindConfiguration(PrivacyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddScoped<ExportArchive>().AddScoped<ImportArchive>().AddScoped<EraseAccounts>().AddScoped<ClosedAccounts>().AddScoped<ExportTickets>()
            .AddScoped<IPersonalData, AccountsPersonalData>()
            .AddScoped<IPersonalData, TrackersPersonalData>()
            .AddScoped<IPersonalData, ActivitiesPersonalData>()
            .AddScoped<IPersonalData, PointsPersonalData>()
            .AddScoped<IPersonalData, LeaderboardsPersonalData>()
            .AddScoped<IPersonalData, DrawingsPersonalData>()
            .AddScoped<IPersonalData, FulfillmentsPersonalData>()
            .AddScoped<IPersonalData, TrainingPersonalData>()
            .AddScoped<IPersonalData, ImportsPersonalData>()
            .AddScoped<IPersonalData, CoachPersonalData>()
            .AddScoped<IPersonalData, NotificationsPersonalData>();
    }
}
