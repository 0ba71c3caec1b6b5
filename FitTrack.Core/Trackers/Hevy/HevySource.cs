using System.Globalization;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Syncing;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Hevy;

/// <summary>
/// Fetches workouts from Hevy: all of them at first, then what changed. Both lists are newest first and may shift while they are
/// read, so the changes are read from five minutes before the reading began.
/// </summary>
internal sealed class HevySource(HevyClient client, IOptions<HevyOptions> options, TimeProvider clock) : ITrackerSource
{
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    public TrackerService Service => TrackerService.Hevy;

    public async Task<ProviderAnswer<Pull>> NextAsync(SyncAccount account, string? position, bool isFirst, CancellationToken ct)
    {
        var at = Position.Parse(position, clock.Now());
        if (!isFirst)
            await Task.Delay(options.Value.Pause, clock, ct);
        var answer = at.Since is { } since
            ? await client.EventsAsync(account.Secret ?? "", since, at.Page, ct)
            : await client.WorkoutsAsync(account.Secret ?? "", at.Page, ct);
        if (answer.Fault is { } fault)
            return fault;

        var kind = at.Since is null ? "workouts" : "events";
        var page = answer.Value;
        var isDone = at.Page >= page.Pages || page.Items.Count == 0;
        var next = isDone ? new Position(at.Began - Overlap, 1, null) : at with { Page = at.Page + 1 };
        IReadOnlyList<PulledPage> pages = page.Items.Count == 0 ? [] : [new PulledPage(kind, $"{{\"{kind}\":[{string.Join(',', page.Items.Select(i => i.GetRawText()))}]}}", page.Items.Count)];
        return new Pull(pages, next.ToString(), isDone);
    }

    /// <summary>A key is the member's own; there is nobody to tell.</summary>
    public Task<ProviderFault?> ForgetAsync(string account, string? secret, CancellationToken ct) => Task.FromResult<ProviderFault?>(null);

    /// <param name="Since">Changes since then; null: all workouts.</param>
    /// <param name="Page">The next one, from 1.</param>
    /// <param name="BeganAt">When page 1 was asked for; null before that.</param>
    private sealed record Position(DateTimeOffset? Since, int Page, DateTimeOffset? BeganAt)
    {
        public DateTimeOffset Began => BeganAt ?? throw new InvalidOperationException("The reading has not begun.");

        public static Position Parse(string? text, DateTimeOffset now)
        {
            var parts = text?.Split(';') ?? [];
            return parts.Length == 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var page)
                ? new Position(Time(parts[0]), page, Time(parts[2]) ?? now)
                : new Position(null, 1, now);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Since:O};{Page};{BeganAt:O}");

        private static DateTimeOffset? Time(string text) =>
            DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
    }
}
