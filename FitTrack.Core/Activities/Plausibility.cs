using System.Text.Json;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Points;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Activities;

/// <summary>
/// The soft limit of plausibility (domain section 3): an activity whose effort lies far above what its tier does is put before an
/// administrator. It scores until somebody decides otherwise.
/// </summary>
/// <remarks>The measure is the z-score, (effort - mean) / standard deviation, over the scoring activities of one kind and tier.</remarks>
public sealed class Plausibility(FitTrackDbContext db, CompetitionCalendar calendar, IOptions<ActivityOptions> limits, IOptions<PointsOptions> points, TimeProvider clock)
{
    public const string Rule = "tier_z_score";

    /// <summary>Reviews that one pass opens at most.</summary>
    private const int AtOnce = 500;

    /// <summary>Opens a review for each activity beyond the limit that has none for its present revision.</summary>
    /// <returns>How many were opened.</returns>
    public async Task<int> OpenReviewsAsync(CancellationToken ct)
    {
        var now = clock.Now();
        var efforts = Efforts(calendar.DayOf(now));
        var norms = (await efforts.GroupBy(e => new { e.TierCode, e.Kind })
            .Select(g => new { g.Key.TierCode, g.Key.Kind, Count = g.Count(), Mean = g.Average(e => e.Points), Square = g.Average(e => e.Points * e.Points) }).ToListAsync(ct))
            .Where(g => g.Count >= limits.Value.ReviewSample)
            .Select(g => new Norm(g.TierCode, g.Kind, g.Count, g.Mean, Math.Sqrt(Math.Max(0, g.Square - (g.Mean * g.Mean)))))
            .Where(n => n.Deviation > 0).ToDictionary(n => (n.TierCode, n.Kind));
        if (norms.Count == 0)
            return 0;

        var lowest = norms.Values.Min(n => n.Mean + (limits.Value.ReviewZScore * n.Deviation));
        var suspects = await efforts.Where(e => e.Points > lowest && !db.Set<ActivityReview>().Any(r => r.ActivityId == e.Id
                && (r.ActivityRevision == e.Revision || r.Status == ReviewStatus.Open || r.Status == ReviewStatus.Appealed)))
            .OrderByDescending(e => e.Points).ThenBy(e => e.Id).Take(AtOnce).ToListAsync(ct);
        var opened = suspects.Where(e => norms.TryGetValue((e.TierCode, e.Kind), out var norm) && norm.ZScore(e.Points) > limits.Value.ReviewZScore)
            .Select(e => ActivityReview.Open(e.Id, e.Revision, e.UserId, Rule, Evidence(e, norms[(e.TierCode, e.Kind)]), now)).ToList();
        db.AddRange(opened);
        await db.SaveChangesAsync(ct);
        return opened.Count;
    }

    /// <summary>What each scoring activity is worth by itself, without multiplier, bonus and caps.</summary>
    private IQueryable<Effort> Efforts(DateOnly today)
    {
        var rates = points.Value.RatesOn(today);
        var (light, moderate, vigorous, steps) = (rates.LightPerMinute / 60.0, rates.ModeratePerMinute / 60.0, rates.VigorousPerMinute / 60.0, rates.PerThousandSteps / 1000.0);
        var since = today.AddDays(-limits.Value.ReviewDays);
        return
            from activity in db.Set<Activity>()
            where activity.Decision == ScoreDecision.Scores && activity.CompetitionDay >= since
            join day in db.Set<PointDay>() on new { activity.UserId, activity.CompetitionDay } equals new { day.UserId, day.CompetitionDay }
            select new Effort
            {
                Id = activity.Id,
                UserId = activity.UserId,
                Revision = activity.Revision,
                Kind = activity.Kind,
                TierCode = day.TierCode,
                Points = activity.Kind == ActivityKind.Steps ? (activity.Steps ?? 0) * steps
                    : (activity.LightSeconds * light) + (activity.ModerateSeconds * moderate) + (activity.VigorousSeconds * vigorous),
            };
    }

    private string Evidence(Effort effort, Norm norm) => JsonSerializer.Serialize(new
    {
        effort = Math.Round(effort.Points, 1),
        tier = norm.TierCode,
        mean = Math.Round(norm.Mean, 1),
        standardDeviation = Math.Round(norm.Deviation, 1),
        activities = norm.Count,
        days = limits.Value.ReviewDays,
        zScore = Math.Round(norm.ZScore(effort.Points), 2),
        limit = limits.Value.ReviewZScore,
    });

    private sealed record Effort
    {
        public required Guid Id { get; init; }
        public required Guid UserId { get; init; }
        public required int Revision { get; init; }
        public required ActivityKind Kind { get; init; }
        public required string TierCode { get; init; }
        public required double Points { get; init; }
    }

    private sealed record Norm(string TierCode, ActivityKind Kind, int Count, double Mean, double Deviation)
    {
        public double ZScore(double effort) => (effort - Mean) / Deviation;
    }
}
