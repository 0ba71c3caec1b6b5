namespace FitTrack.Core.Data;

/// <summary>Time as the databases keep it.</summary>
public static class Timestamps
{
    /// <summary>Now in UTC, cut to microseconds: what is hashed or compared must equal what is read back.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) => clock.GetUtcNow().ToMicroseconds();

    /// <summary>The same instant in UTC, cut (not rounded) to whole microseconds.</summary>
    public static DateTimeOffset ToMicroseconds(this DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
