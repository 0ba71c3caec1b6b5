namespace FitTrack.Core.Activities;

/// <summary>What a member types in about a workout of their own.</summary>
/// <param name="Sport">What it was.</param>
/// <param name="Intensity">How hard; light, moderate or vigorous.</param>
/// <param name="StartedAt">UTC; not in the future.</param>
/// <param name="LengthSeconds">1 to 86,400.</param>
/// <param name="Title">At most 200 characters; null for none.</param>
/// <param name="Steps">0 to 200,000.</param>
/// <param name="DistanceMeters">0 to 1,000,000.</param>
/// <param name="AverageHeartRate">Beats a minute, 20 to 250.</param>
public sealed record ManualEntry(
    Sport Sport, Intensity Intensity, DateTimeOffset StartedAt, int LengthSeconds, string? Title, int? Steps, double? DistanceMeters, double? AverageHeartRate);
