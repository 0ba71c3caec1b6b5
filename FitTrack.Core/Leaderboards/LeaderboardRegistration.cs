using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using FitTrack.Core.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Leaderboards;

public static class LeaderboardRegistration
{
    public static IServiceCollection AddLeaderboards(this IServiceCollection services)
    {
        services.AddOptions<LeaderboardOptions>().BindConfiguration(LeaderboardOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddScoped<MemberDirectory>();
        return services
            .AddScoped<ScoreBoard>()
            .AddScoped<BoardReader>()
            .AddScoped<MemberBadges>()
            .AddScoped<BadgeAwards>()
            .AddScoped<ClearBoards>()
            .AddSingleton<LeaderboardMetrics>()
            .AddSingleton<MemberCards>()
            .AddSingleton<TierSizes>()
            .AddSingleton<BoardOrders>()
            .AddSingleton(s => new BoardCache(
                s.GetRequiredService<IServiceScopeFactory>(), s.GetRequiredService<BoardOrders>(), s.GetRequiredService<MemberCards>(), s.GetRequiredService<CompetitionCalendar>(),
                s.GetRequiredService<IMessageBus>(), s.GetRequiredService<LeaderboardMetrics>(), s.GetRequiredService<TimeProvider>(),
                s.GetRequiredService<IOptions<LeaderboardOptions>>()));
    }
}
