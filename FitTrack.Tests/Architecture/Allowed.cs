namespace FitTrack.Tests.Architecture;

/// <summary>
/// Where one feature may use another's entity directly, each with its reason. "Feature → Entity"; an entry that is no longer needed fails a test.
/// </summary>
internal static class Allowed
{
    /// <summary>Folders that are no feature: the demo makes rows of every feature that no use case could make (past times, finished states).</summary>
    public static readonly HashSet<string> Folders = new(StringComparer.Ordinal) { "Seeding" };

    public static readonly HashSet<string> Uses = new(StringComparer.Ordinal)
    {
        // An activity, its points and the day they belong to are stored in one transaction, with as few statements as it takes.
        "Activities → PointBalance",
        "Activities → PointDay",
        "Activities → PointTransaction",

        // The address is read when the mail is sent, not when it is written: it may have changed or be gone.
        "Notifications → User",

        // An import makes every reference to a member one to whoever imports: it names the table, never a row.
        "Privacy → User",

        // A connection is refused to a member who is not active.
        "Trackers → User",
    };
}
