using FitTrack.Core.Accounts;
using FitTrack.Core.Activities;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Points;
using FitTrack.Core.Reports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Seeding;

/// <summary>
/// Brings a demo that has lived for three weeks: members, trackers, efforts, points, boards, drawings, winners and prizes
/// on their way, all made by the use cases themselves at their time. What is there already stays beside it.
/// </summary>
public sealed class DemoSeeder(IServiceProvider host, FitTrackDbContext db, SystemReports reports, CompetitionCalendar calendar, TimeProvider realTime)
{
    private static readonly TimeSpan EveningSync = TimeSpan.FromHours(22.5);

    /// <summary>Whether the database has any account, so that seeding would add to somebody's data.</summary>
    public async Task<bool> IsEmptyAsync(CancellationToken ct) => !await db.Set<User>().AnyAsync(ct);

    /// <summary>Whether the demo is there, whole or in part.</summary>
    public Task<bool> HasDemoAsync(CancellationToken ct)
    {
        var first = EmailAddress.Normalize(DemoAccounts.AdminEmail);
        return db.Set<User>().AnyAsync(u => u.NormalizedEmail == first, ct);
    }

    /// <summary>Whether anybody could be asked to seed.</summary>
    public Task<bool> HasAdministratorAsync(CancellationToken ct) => db.Set<User>().AnyAsync(u => u.Role == UserRole.Admin && u.Status == UserStatus.Active, ct);

    /// <exception cref="ArgumentException">A number in the options is out of range.</exception>
    /// <exception cref="InvalidOperationException">The demo is there already.</exception>
    public async Task<SeedReport> RunAsync(SeedOptions options, IProgress<SeedProgress>? progress, CancellationToken ct)
    {
        if (options.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        if (await HasDemoAsync(ct))
            throw new InvalidOperationException("The demo data is there already; reset the database to begin anew.");

        var now = realTime.Now();
        var today = calendar.DayOf(now);
        var clock = new SeedClock(now.AddDays(-DemoPeople.OldestJoinedDaysAgo - 1));
        await using var services = SeedServices.Over(host, clock);
        var timeline = new SeedTimeline(services, clock);
        var members = new DemoMembers(options);
        members.PlanTo(timeline, now, today);
        await timeline.RunAsync("members", progress, ct);

        PlanEfforts(options, members.All, timeline, now, today);
        PlanAdjustments(members.All, timeline, now);
        new DemoDrawings(options, members, timeline).PlanTo(now);
        timeline.At(now, (s, token) => DemoTraining.AddAsync(s, members.All, options.Seed, token));
        await timeline.RunAsync("events", progress, ct);
        // What was published of the past before does not hold for the past that there is now.
        await db.Set<LedgerRoot>().ExecuteDeleteAsync(ct);
        return await ReportAsync(ct);
    }

    /// <summary>What there is, without changing it.</summary>
    public async Task<SeedReport> ReportAsync(CancellationToken ct) => new(await reports.CountAsync(ct));

    private void PlanEfforts(SeedOptions options, IReadOnlyList<DemoMember> members, SeedTimeline timeline, DateTimeOffset now, DateOnly today)
    {
        var efforts = new DemoEfforts(calendar, options.Seed);
        var n = 0;
        foreach (var day in efforts.Plan(members.Count, options.Activities, today))
        {
            var evening = calendar.StartOf(day.Key) + EveningSync;
            var arrives = evening < now ? evening : now;
            timeline.At(arrives, async (services, ct) =>
            {
                var records = day.Select(e => e.Workout ? efforts.Workout(members[e.Member], day.Key, arrives, n++) : efforts.Steps(members[e.Member], day.Key, arrives)).ToList();
                var context = services.GetRequiredService<FitTrackDbContext>();
                await using var transaction = await context.Database.BeginTransactionAsync(ct);
                await services.GetRequiredService<ActivityIngest>().ApplyAsync(records, ct);
                await transaction.CommitAsync(ct);
            });
        }
    }

    /// <summary>An administrator's goodwill for a few members, so that every kind of ledger row occurs.</summary>
    private static void PlanAdjustments(IReadOnlyList<DemoMember> members, SeedTimeline timeline, DateTimeOffset now)
    {
        foreach (var (i, member) in members.Skip(1).Take(3).Index())
        {
            timeline.At(now.AddDays(-10), async (services, ct) =>
            {
                var context = services.GetRequiredService<FitTrackDbContext>();
                await using var transaction = await context.Database.BeginTransactionAsync(ct);
                await services.GetRequiredService<Ledger>().AppendAsync(LedgerEntry.Adjust(member.Id, 250 - (i * 50), "demo", $"welcome-{member.Id:N}", "Welcome challenge"), ct);
                await context.SaveChangesAsync(ct);
                await transaction.CommitAsync(ct);
            });
        }
    }
}
