using FitTrack.Core.Accounts;
using FitTrack.Core.Activities;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Points;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Tests.Unit.Activities;

/// <summary>One member with two trackers, scored in memory: the context collects what would be written and is never saved.</summary>
internal sealed class DayWorld : IDisposable
{
    public static readonly DateOnly Today = new(2026, 11, 18);

    public static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    private static readonly DbContextOptions<FitTrackDbContext> Nowhere = new DbContextOptionsBuilder<FitTrackDbContext>().UseNpgsql("Host=nowhere").Options;

    private readonly FitTrackDbContext _db = new(Nowhere);
    private readonly CompetitionCalendar _calendar = new(Options.Create(new CompetitionOptions()));
    private readonly MemberDays _days;
    private int _version;

    /// <param name="connected">Days for which the member has been here and the trackers connected.</param>
    public DayWorld(string? tier = "F-30-39-INT", DateTimeOffset? now = null, PointsOptions? points = null, int connected = 10)
    {
        Now = now ?? Local(Today, 20);
        var member = new ScoringMember(UserId, IsActive: true, Now.AddDays(-connected - 20), tier, tier is null ? [] : [(Today.AddDays(-connected - 10), tier)]);
        Balance = PointBalance.Open(UserId);
        var (pointsOptions, limits) = (Options.Create(points ?? new PointsOptions()), Options.Create(new ActivityOptions()));
        var rules = new ScoringRules(_calendar, pointsOptions.Value, new Admission(_calendar, limits, pointsOptions), new DayJudge(limits.Value.OverlapToleranceSeconds));
        Garmin = new RecordOrigin(Guid.NewGuid(), "garmin", Now.AddDays(-connected), MayScore: true);
        Fitbit = new RecordOrigin(Guid.NewGuid(), "fitbit", Now.AddDays(-connected), MayScore: true);
        // Nothing is ever saved, so nobody needs to look for changes.
        _db.ChangeTracker.AutoDetectChangesEnabled = false;
        _days = new MemberDays(_db, rules, member, Balance, [], [], _ => Garmin.ConnectionId, Now);
    }

    public Guid UserId { get; } = Guid.NewGuid();

    public DateTimeOffset Now { get; }

    public PointBalance Balance { get; }

    /// <summary>The primary.</summary>
    public RecordOrigin Garmin { get; }

    public RecordOrigin Fitbit { get; }

    public IReadOnlyList<PointTransaction> Ledger => [.. _db.ChangeTracker.Entries<PointTransaction>().Select(e => e.Entity).OrderBy(t => t.Seq)];

    public IReadOnlyList<Activity> Activities => [.. _db.ChangeTracker.Entries<Activity>().Select(e => e.Entity)];

    public IReadOnlyList<PointDay> Days => [.. _db.ChangeTracker.Entries<PointDay>().Select(e => e.Entity).OrderBy(d => d.CompetitionDay)];

    public IReadOnlyList<ActivityReceipt> Receipts => [.. _db.ChangeTracker.Entries<ActivityReceipt>().Select(e => e.Entity).OrderBy(r => r.Version)];

    public long BoardTotal => _days.Changes.Sum(c => c.Delta);

    /// <summary>Hours after a day began in New York; of the day that the clocks are put back there are 25.</summary>
    public static DateTimeOffset Local(DateOnly day, double hour) => new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(day.ToDateTime(TimeOnly.MinValue), NewYork), TimeSpan.Zero).AddHours(hour);

    public bool Apply(TrackerRecord record) => _days.Apply(record);

    /// <summary>Applies with the version that makes it the newest.</summary>
    public Activity Send(TrackerRecord record)
    {
        Apply(record with { VersionAt = Now.AddSeconds(++_version) });
        return Activities.Single(a => a.Source == record.Origin.Source && a.NaturalId == record.NaturalId);
    }

    public int Points(DateOnly? day = null) => (int)Ledger.Where(t => t.EarnedOn == (day ?? Today)).Sum(t => t.Amount);

    /// <summary>Points that went for something else, so that a correction finds the balance empty.</summary>
    public void Spend(long points) => _db.Add(Balance.Append(LedgerEntry.Spend(UserId, points, "purchase", Guid.NewGuid().ToString(), "Tickets"), Now));

    public void Release(DateOnly day) => _days.Release(day, "decision", "Clawback");

    public TrackerRecord Workout(string id, double hour, int minutes, string sport = "running", RecordOrigin? from = null, DateOnly? day = null, (int Light, int Moderate, int Vigorous)? seconds = null)
    {
        var kind = Sports.Of(sport);
        var all = minutes * 60;
        var start = Local(day ?? Today, hour);
        return new TrackerRecord
        {
            UserId = UserId,
            Origin = from ?? Garmin,
            Kind = ActivityKind.Workout,
            NaturalId = id,
            StartedAt = start,
            EndedAt = start.AddSeconds(all),
            Sport = kind,
            LightSeconds = seconds?.Light ?? (kind.Intensity is Intensity.Light or Intensity.Never ? all : 0),
            ModerateSeconds = seconds?.Moderate ?? (kind.Intensity == Intensity.Moderate ? all : 0),
            VigorousSeconds = seconds?.Vigorous ?? (kind.Intensity == Intensity.Vigorous ? all : 0),
            IntensityInferred = seconds is null,
            LengthSeconds = all,
            VersionAt = Now,
        };
    }

    public TrackerRecord Steps(int steps, RecordOrigin? from = null, DateOnly? day = null) => Summary(ActivityKind.Steps, from, day) with { Steps = steps };

    public TrackerRecord Minutes(int light, int moderate, int vigorous, RecordOrigin? from = null, DateOnly? day = null) => Summary(ActivityKind.ActiveMinutes, from, day) with
    {
        LightSeconds = light * 60,
        ModerateSeconds = moderate * 60,
        VigorousSeconds = vigorous * 60,
        LengthSeconds = (light + moderate + vigorous) * 60,
    };

    public void Dispose() => _db.Dispose();

    private TrackerRecord Summary(ActivityKind kind, RecordOrigin? from, DateOnly? day)
    {
        var date = day ?? Today;
        return new TrackerRecord
        {
            UserId = UserId,
            Origin = from ?? Garmin,
            Kind = kind,
            NaturalId = $"{date:yyyy-MM-dd}_{kind}",
            StartedAt = Local(date, 0),
            EndedAt = Local(date.AddDays(1), 0),
            LabelledDay = date,
            VersionAt = Now,
        };
    }
}
