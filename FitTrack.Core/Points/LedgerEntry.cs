namespace FitTrack.Core.Points;

/// <summary>One booking to make. Use the factories: they know the sign and what must be given.</summary>
public sealed record LedgerEntry
{
    public const int MaxReferenceKind = 20;
    public const int MaxReferenceKey = 100;
    public const int MaxReason = 300;

    private LedgerEntry(Guid userId, PointTransactionType type, long amount, string referenceKind, string referenceKey, string reason)
    {
        (UserId, Type, Amount) = (userId, type, amount);
        ReferenceKind = Text(referenceKind, MaxReferenceKind);
        ReferenceKey = Text(referenceKey, MaxReferenceKey);
        Reason = Text(reason, MaxReason);
    }

    public Guid UserId { get; }

    public PointTransactionType Type { get; }

    /// <summary>Signed points.</summary>
    public long Amount { get; }

    public string ReferenceKind { get; }

    public string ReferenceKey { get; }

    public string Reason { get; }

    public DateOnly? EarnedOn { get; private init; }

    public string? RateVersion { get; private init; }

    /// <summary>An administrator's explicit clawback, the only booking that may take a balance below zero.</summary>
    public bool MayGoBelowZero { get; private init; }

    /// <summary>Awards and their corrections carry a day; nothing else counts as earned or on a leaderboard.</summary>
    internal bool CountsAsEarned => EarnedOn is not null;

    /// <summary>Points for activity on a day.</summary>
    public static LedgerEntry Earn(Guid userId, long points, string referenceKind, string referenceKey, string reason, DateOnly earnedOn, string rateVersion) =>
        new(userId, PointTransactionType.Earn, Positive(points), referenceKind, referenceKey, reason) { EarnedOn = earnedOn, RateVersion = rateVersion };

    /// <summary>Points paid for something; <paramref name="points"/> is the positive price.</summary>
    public static LedgerEntry Spend(Guid userId, long points, string referenceKind, string referenceKey, string reason) =>
        new(userId, PointTransactionType.Spend, -Positive(points), referenceKind, referenceKey, reason);

    /// <summary>Points given back for something that was paid.</summary>
    public static LedgerEntry Refund(Guid userId, long points, string referenceKind, string referenceKey, string reason) =>
        new(userId, PointTransactionType.Refund, Positive(points), referenceKind, referenceKey, reason);

    /// <summary>A day recomputed: <paramref name="points"/> is signed, and the day says that boards follow.</summary>
    public static LedgerEntry Correct(Guid userId, long points, string referenceKind, string referenceKey, string reason, DateOnly earnedOn, string rateVersion, bool mayGoBelowZero = false) =>
        new(userId, PointTransactionType.Adjust, NotZero(points), referenceKind, referenceKey, reason) { EarnedOn = earnedOn, RateVersion = rateVersion, MayGoBelowZero = mayGoBelowZero };

    /// <summary>An administrator's change of the balance alone; boards do not follow.</summary>
    public static LedgerEntry Adjust(Guid userId, long points, string referenceKind, string referenceKey, string reason, bool mayGoBelowZero = false) =>
        new(userId, PointTransactionType.Adjust, NotZero(points), referenceKind, referenceKey, reason) { MayGoBelowZero = mayGoBelowZero };

    private static string Text(string value, int longest)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        return value.Length <= longest ? value : throw new ArgumentException($"'{value}' is longer than {longest} characters.", nameof(value));
    }

    private static long Positive(long points)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(points);
        return points;
    }

    private static long NotZero(long points)
    {
        ArgumentOutOfRangeException.ThrowIfZero(points);
        return points;
    }
}

/// <summary>What became of a booking.</summary>
public abstract record LedgerOutcome
{
    private LedgerOutcome()
    {
    }

    /// <summary>The row is in the context and is stored by the caller's next <c>SaveChangesAsync</c>.</summary>
    public sealed record Appended(Guid TransactionId, long Seq, long BalanceAfter, DateTimeOffset At) : LedgerOutcome;

    /// <summary>This reference was booked before; nothing changes.</summary>
    public sealed record AlreadyThere(long Seq) : LedgerOutcome;

    public sealed record InsufficientBalance(long Balance) : LedgerOutcome;

    /// <summary>Others kept moving the balance; begin the transaction again.</summary>
    public sealed record LostRace : LedgerOutcome;
}
