using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Points;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Activities;

/// <summary>Scores what waited for its member's profile, once there is one (domain section 3).</summary>
public sealed partial class WaitingActivities(IServiceScopeFactory scopes, IOptions<PointsOptions> points, TimeProvider clock, ILogger<WaitingActivities> logger)
{
    private const int MembersAtOnce = 200;

    /// <summary>One pass over the members with a new profile; a member that fails does not hold up the others.</summary>
    /// <returns>How many activities no longer wait.</returns>
    public async Task<int> ScoreAsync(CancellationToken ct)
    {
        var scored = 0;
        foreach (var userId in await MembersAsync(ct))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
                await using var transaction = await db.Database.BeginTransactionAsync(ct);
                scored += await scope.ServiceProvider.GetRequiredService<ActivityIngest>().ScoreWaitingAsync(userId, ct);
                await transaction.CommitAsync(ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested && !DbErrors.IsUnavailable(e))
            {
                Failed(e, userId);
            }
        }

        return scored;
    }

    private async Task<List<Guid>> MembersAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        // A profile that is older has scored, or ended, what waited for it.
        var since = clock.Now().AddDays(-points.Value.ArrivalWithinDays - 1);
        return await scope.ServiceProvider.GetRequiredService<ScoringMembers>().WithProfileSince(since)
            .Where(id => db.Set<Activity>().Any(a => a.UserId == id && a.Admission == ScoreDecision.NoProfileYet))
            .OrderBy(id => id).Take(MembersAtOnce).ToListAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "The activities that waited for the profile of member {UserId} could not be scored; they are tried again")]
    private partial void Failed(Exception exception, Guid userId);
}
