using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using FitTrack.Core.Activities;

namespace FitTrack.Api.Activities;

/// <summary>Seconds by intensity.</summary>
/// <param name="LightSeconds">Seconds of light activity.</param>
/// <param name="ModerateSeconds">Seconds of moderate activity.</param>
/// <param name="VigorousSeconds">Seconds of vigorous activity.</param>
/// <param name="Inferred">Nobody measured it: all seconds were put where the sport usually is.</param>
public sealed record IntensitySplit(int LightSeconds, int ModerateSeconds, int VigorousSeconds, bool Inferred);

/// <summary>One activity in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="ActivityType"><c>workout</c>, <c>steps</c> or <c>active_minutes</c>.</param>
/// <param name="Sport">What a workout was, such as <c>running</c>.</param>
/// <param name="Title">Its name at the provider, or the member's own.</param>
/// <param name="Source">Such as <c>garmin</c>, or <c>manual</c>.</param>
/// <param name="Provenance">Recorded, typed in, or imported.</param>
/// <param name="Status"><c>accepted</c>, <c>rejected</c> or <c>duplicate</c>; see <paramref name="Hidden"/>.</param>
/// <param name="Decision"><c>scores</c>, or why it does not.</param>
/// <param name="Explanation">The decision in a sentence; null when it scores.</param>
/// <param name="DuplicateOf">The workout that scores instead.</param>
/// <param name="Hidden">The member took it out of the log.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="EndedAt">UTC.</param>
/// <param name="Day">The competition day it belongs to.</param>
/// <param name="DurationSeconds">Active time.</param>
/// <param name="Intensity">Where most of the seconds are.</param>
/// <param name="Seconds">Seconds by intensity.</param>
/// <param name="Steps">Steps, where known.</param>
/// <param name="DistanceMeters">Distance, where known.</param>
/// <param name="AverageHeartRate">Beats a minute, where known.</param>
/// <param name="PointsEarned">Its share of the day's points.</param>
/// <param name="CreatedAt">First arrived.</param>
/// <param name="UpdatedAt">Last changed.</param>
public sealed record ActivityItem(
    Guid Id, Guid UserId, ActivityKind ActivityType, string? Sport, string? Title, string Source, ActivityProvenance Provenance, ActivityStatus Status,
    ScoreDecision Decision, string? Explanation, Guid? DuplicateOf, bool Hidden, DateTimeOffset StartedAt, DateTimeOffset EndedAt, DateOnly Day, int DurationSeconds,
    Intensity? Intensity, IntensitySplit Seconds, int? Steps, double? DistanceMeters, double? AverageHeartRate, int PointsEarned, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static ActivityItem Of(Activity a) => new(
        a.Id, a.UserId, a.Kind, a.Sport, a.Title, a.Source, a.Provenance, a.Status, a.Decision, a.Decision.Explanation(), a.DuplicateOfId, a.HiddenAt is not null,
        a.StartedAt, a.EndedAt, a.CompetitionDay, a.LengthSeconds, a.MainIntensity,
        new IntensitySplit(a.LightSeconds, a.ModerateSeconds, a.VigorousSeconds, a.IntensityInferred),
        a.Steps, a.DistanceMeters, a.AverageHeartRate, a.Points, a.CreatedAt, a.UpdatedAt);
}

/// <summary>One activity with everything that is known of it.</summary>
/// <param name="Activity">As in a list.</param>
/// <param name="Revision">How often its content was stored.</param>
/// <param name="Metrics">Further numbers from the provider: calories, heart rate, speed, device, ...</param>
/// <param name="Review">Where it crossed a soft limit of plausibility.</param>
public sealed record ActivityDetail(ActivityItem Activity, int Revision, JsonElement? Metrics, ReviewView? Review)
{
    internal static ActivityDetail Of(Activity a, ActivityReview? review = null) =>
        new(ActivityItem.Of(a), a.Revision, a.Metrics is null ? null : JsonElement.Parse(a.Metrics), review is null ? null : ReviewView.Of(review));
}

/// <param name="Paired">False: they are two workouts; true: they are one after all.</param>
public sealed record PairingRequest([property: Required] bool? Paired);

/// <summary>A workout typed in; it completes the log and earns no points.</summary>
/// <param name="Sport">One of the sports' codes, such as <c>running</c>.</param>
/// <param name="Intensity">As usual for the sport if not given.</param>
/// <param name="StartedAt">Not in the future.</param>
/// <param name="DurationSeconds">1 to 86,400.</param>
/// <param name="Title">The member's own name for it.</param>
/// <param name="Steps">Steps, where known.</param>
/// <param name="DistanceMeters">Distance, where known.</param>
/// <param name="AverageHeartRate">Beats a minute, where known.</param>
public sealed record NewActivity(
    [property: Required] string? Sport,
    Intensity? Intensity,
    [property: Required] DateTimeOffset? StartedAt,
    [property: Required, Range(1, 86_400)] int? DurationSeconds,
    [property: StringLength(Activity.MaxTitle)] string? Title,
    [property: Range(0, 200_000)] int? Steps,
    [property: Range(0d, 1_000_000d)] double? DistanceMeters,
    [property: Range(20d, 250d)] double? AverageHeartRate);

/// <summary>Changes to an activity; what is left out stays. Activities of trackers can only be hidden.</summary>
public sealed record ActivityPatch(
    string? Sport,
    Intensity? Intensity,
    DateTimeOffset? StartedAt,
    [property: Range(1, 86_400)] int? DurationSeconds,
    [property: StringLength(Activity.MaxTitle)] string? Title,
    [property: Range(0, 200_000)] int? Steps,
    [property: Range(0d, 1_000_000d)] double? DistanceMeters,
    [property: Range(20d, 250d)] double? AverageHeartRate,
    bool? Hidden);
