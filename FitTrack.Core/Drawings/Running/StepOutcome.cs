namespace FitTrack.Core.Drawings.Running;

/// <summary>What became of a change to a drawing.</summary>
public abstract record StepOutcome
{
    private StepOutcome()
    {
    }

    public sealed record Done(Drawing Drawing) : StepOutcome;

    public sealed record NotFound : StepOutcome;

    /// <summary>The drawing's state does not allow it.</summary>
    public sealed record Impossible(string Reason) : StepOutcome;

    public sealed record Invalid(IReadOnlyList<DrawingProblem> Problems) : StepOutcome;

    /// <summary>It was changed since the caller read it.</summary>
    public sealed record Stale : StepOutcome;

    /// <summary>Due, but something it needs is missing or does not check; noted on the drawing, and tried again later.</summary>
    /// <param name="IsWrong">Something does not check, which somebody must look into; false while something is only awaited.</param>
    public sealed record HeldUp(string Reason, bool IsWrong) : StepOutcome;

    internal static Impossible No(string step, DrawingStatus status) => new($"A drawing that is {status.ToString().ToLowerInvariant()} cannot be {step}");
}
