namespace FitTrack.Core.Seeding;

/// <summary>
/// A clock that the seeding moves: the demo's past is made by the same use cases as the present, each at its moment.
/// </summary>
internal sealed class SeedClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    /// <summary>Never backwards: what happens later in the seeding happened later.</summary>
    public void AdvanceTo(DateTimeOffset moment) => _now = moment > _now ? moment : _now.AddMilliseconds(1);
}
