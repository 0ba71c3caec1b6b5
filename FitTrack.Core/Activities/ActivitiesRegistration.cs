using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Activities;

public static class ActivitiesRegistration
{
    public static IServiceCollection AddActivities(this IServiceCollection services)
    {
        services.AddOptions<ActivityOptions>().BindConfiguration(ActivityOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<Admission>()
            .AddScoped<ActivityIngest>()
            .AddScoped<ActivitySummaries>()
            .AddSingleton<WaitingActivities>()
            .AddScoped<ActivityPairing>()
            .AddScoped<ActivityReviews>()
            .AddScoped<ProviderActivities>()
            .AddScoped<Plausibility>()
            .AddScoped<ManualActivities>()
            .AddScoped<ImportedActivities>();
    }
}
