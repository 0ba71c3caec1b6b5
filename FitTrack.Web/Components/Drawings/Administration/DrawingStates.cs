using FitTrack.Web.Components.Shared;

namespace FitTrack.Web.Components.Drawings.Administration;

/// <summary>How the states of a drawing read and look.</summary>
internal static class DrawingStates
{
    /// <summary>The Api's codes in the order in which a drawing goes through them.</summary>
    public static IReadOnlyList<(string Value, string Text)> All =>
        [("draft", Text.StateDraft), ("scheduled", Text.StateScheduled), ("open", Text.StateOpen), ("closed", Text.StateClosed), ("completed", Text.StateCompleted), ("cancelled", Text.StateCancelled)];

    public static string Of(string status) => All.FirstOrDefault(s => s.Value == status).Text ?? Show.Words(status);

    public static string? Kind(string status) => status switch
    {
        "open" => "good",
        "scheduled" or "closed" => "warn",
        "cancelled" => "bad",
        _ => null,
    };
}
