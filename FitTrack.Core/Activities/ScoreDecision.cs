namespace FitTrack.Core.Activities;

/// <summary>Where an activity stands; as text <c>accepted</c>, <c>rejected</c>, <c>duplicate</c>, <c>deleted</c>.</summary>
public enum ActivityStatus
{
    Accepted,
    Rejected,
    Duplicate,
    Deleted,
}

/// <summary>
/// Whether an activity counts towards its day, and if not, why (domain section 3). The member always sees this.
/// </summary>
public enum ScoreDecision
{
    Scores,

    // Kept for the training log; what it was decides.
    EnteredByHand,
    Imported,
    SourceNeverScores,
    SportNeverScores,

    // Kept for the training log; when it arrived decides, once.
    AccountNotActive,
    BeforeActivation,
    BeforeConnection,
    ArrivedTooLate,
    NoProfileYet,

    // Impossible by itself.
    InTheFuture,
    TooManySteps,
    TooLong,

    // Depends on the member's other activities.
    NotPrimaryTracker,
    SeenByAnotherTracker,
    OverlapsOnOneDevice,
    MoreThanADay,
    OverlapsAnother,

    // An administrator's.
    RejectedInReview,

    Deleted,
}

/// <summary>What a decision means for an activity and for the person who reads it.</summary>
public static class ScoreDecisions
{
    public static ActivityStatus Status(this ScoreDecision decision) => decision switch
    {
        ScoreDecision.InTheFuture or ScoreDecision.TooManySteps or ScoreDecision.TooLong
            or ScoreDecision.OverlapsOnOneDevice or ScoreDecision.MoreThanADay or ScoreDecision.RejectedInReview => ActivityStatus.Rejected,
        ScoreDecision.SeenByAnotherTracker => ActivityStatus.Duplicate,
        ScoreDecision.Deleted => ActivityStatus.Deleted,
        _ => ActivityStatus.Accepted,
    };

    /// <summary>One sentence for the member; null when the activity scores.</summary>
    public static string? Explanation(this ScoreDecision decision) => decision switch
    {
        ScoreDecision.Scores => null,
        ScoreDecision.EnteredByHand => "Entered by hand: kept in your log, earns no points.",
        ScoreDecision.Imported => "Imported from a file: kept in your log, earns no points.",
        ScoreDecision.SourceNeverScores => "Data of this source earns no points.",
        ScoreDecision.SportNeverScores => "This kind of activity is no exercise and earns no points.",
        ScoreDecision.AccountNotActive => "Your account was not active when this arrived.",
        ScoreDecision.BeforeActivation => "From before the day your account was activated.",
        ScoreDecision.BeforeConnection => "From before the day this tracker was connected, or from a day on which its account fed another member.",
        ScoreDecision.ArrivedTooLate => "First arrived too long after its day.",
        ScoreDecision.NoProfileYet => "Waits for your profile: complete it and the last days will score.",
        ScoreDecision.InTheFuture => "Rejected: it lies in the future.",
        ScoreDecision.TooManySteps => "Rejected: more than 200 steps a minute.",
        ScoreDecision.TooLong => "Rejected: longer than a day, without a measured active time.",
        ScoreDecision.NotPrimaryTracker => "Steps and minutes of a day come from your primary tracker.",
        ScoreDecision.SeenByAnotherTracker => "Another tracker recorded the same workout; that copy scores.",
        ScoreDecision.OverlapsOnOneDevice => "Rejected: overlaps an earlier workout of the same device.",
        ScoreDecision.MoreThanADay => "Rejected: more than 24 hours of activity in one day.",
        ScoreDecision.OverlapsAnother => "You said that this is another workout; of two at the same time only one scores.",
        ScoreDecision.RejectedInReview => "Rejected after a review; its reason is shown here, and you can appeal once.",
        _ => "Deleted.",
    };

    /// <summary>Decided by when the activity first arrived: a later version of it does not reopen the question.</summary>
    internal static bool IsByArrival(this ScoreDecision decision) => decision is ScoreDecision.Scores or ScoreDecision.AccountNotActive
        or ScoreDecision.BeforeActivation or ScoreDecision.BeforeConnection or ScoreDecision.ArrivedTooLate or ScoreDecision.NoProfileYet;
}
