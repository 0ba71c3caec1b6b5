using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Competition;

public static class CompetitionRegistration
{
    public static IServiceCollection AddCompetition(this IServiceCollection services)
    {
        services.AddOptions<CompetitionOptions>().BindConfiguration(CompetitionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<CompetitionCalendar>();
    }
}
