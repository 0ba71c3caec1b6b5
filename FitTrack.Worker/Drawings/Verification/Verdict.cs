namespace FitTrack.Worker.Drawings.Verification;

/// <summary>What a verification found; the numbers are exit codes.</summary>
internal enum Outcome
{
    Valid = 0,
    Invalid = 1,
    NotIndependent = 2,
}

/// <summary>A verification's result.</summary>
/// <param name="FailedStep">The first step that failed; null unless <see cref="Outcome.Invalid"/>.</param>
/// <param name="Reasons">Why it failed, or what keeps a recomputed drawing from being independent.</param>
/// <param name="Findings">What each step that passed has shown, in order.</param>
internal sealed record Verdict(Outcome Outcome, string? FailedStep, IReadOnlyList<string> Reasons, IReadOnlyList<string> Findings)
{
    public string Summary => Outcome switch
    {
        Outcome.Valid => "valid",
        Outcome.NotIndependent => "recomputed, but not independent",
        _ => $"invalid: {FailedStep}",
    };
}

/// <summary>A step of the verification did not hold.</summary>
internal sealed class StepFailedException(string step, string reason) : Exception(reason)
{
    public string Step => step;
}
