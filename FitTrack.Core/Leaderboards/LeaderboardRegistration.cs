using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Leaderboards;

public static class LeaderboardRegistration
{
    public static IServiceCollection AddLeaderboards(this IServiceCollection services) => services
        .AddScoped<ScoreBoard>();
}
