using System.Globalization;

namespace FitTrack.Worker.Simulators;

/// <summary>A person's connection to one provider through Terra.</summary>
internal sealed class TerraUser(string id, string provider, string? reference, Athlete athlete, DateTimeOffset createdAt)
{
    public string Id => id;

    public string Provider => provider;

    public string? Reference => reference;

    public Athlete Athlete => athlete;

    /// <summary>Requests of the last hour and the days that each asked for.</summary>
    public Queue<(DateTimeOffset At, int Days)> Asked { get; } = new();

    public object View => new
    {
        user_id = id,
        provider,
        created_at = TerraData.Time(createdAt),
        last_webhook_update = (string?)null,
        scopes = "activity,daily",
        reference_id = reference,
        active = true,
    };
}

/// <summary>Terra's activity and daily models (providers 1.7), with everything a tracker can know; the rest is null.</summary>
internal static class TerraData
{
    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);

    public static object Activity(SimulatedWorkout workout, string provider) => new
    {
        metadata = new
        {
            summary_id = $"sim-{workout.Key:x16}",
            start_time = Time(workout.Start),
            end_time = Time(workout.End),
            type = workout.Sport.Terra,
            name = workout.Title,
            upload_type = workout.Deleted ? 4 : workout.Changed ? 3 : 1,
            city = (string?)null,
            state = (string?)null,
            country = (string?)null,
            timestamp_localization = 1,
        },
        active_durations_data = new
        {
            activity_seconds = workout.Seconds,
            inactivity_seconds = (int?)null,
            rest_seconds = 0,
            low_intensity_seconds = workout.Light,
            moderate_intensity_seconds = workout.Moderate,
            vigorous_intensity_seconds = workout.Vigorous,
            activity_levels_samples = Array.Empty<object>(),
        },
        distance_data = new
        {
            summary = new
            {
                distance_meters = workout.Sport.Speed > 0 ? workout.Meters : (double?)null,
                steps = workout.Sport.OnFoot ? workout.Steps : (int?)null,
                floors_climbed = (int?)null,
                elevation = new { gain_actual_meters = (double?)null, loss_actual_meters = (double?)null },
                swimming = new { num_laps = (int?)null, num_strokes = (int?)null, pool_length_meters = (double?)null },
            },
            detailed = new { distance_samples = Array.Empty<object>(), step_samples = Array.Empty<object>() },
        },
        heart_rate_data = new
        {
            summary = new { avg_hr_bpm = workout.HeartRate, max_hr_bpm = workout.HeartRate + 23, min_hr_bpm = workout.HeartRate - 41, resting_hr_bpm = 54, hr_zone_data = Array.Empty<object>() },
            detailed = new { hr_samples = Array.Empty<object>() },
        },
        calories_data = new { total_burned_calories = workout.Seconds / 6, net_activity_calories = workout.Seconds / 7, BMR_calories = (int?)null },
        movement_data = new { avg_speed_meters_per_second = workout.Sport.Speed > 0 ? workout.Sport.Speed : (double?)null, max_speed_meters_per_second = (double?)null },
        device_data = Device(provider),
        cheat_detection = 0,
    };

    public static object Daily(SimulatedDay day, string provider) => new
    {
        metadata = new { start_time = Time(day.Start), end_time = Time(day.End), upload_type = 1, timestamp_localization = 1 },
        active_durations_data = new
        {
            activity_seconds = day.Light + day.Moderate + day.Vigorous,
            low_intensity_seconds = day.Light,
            moderate_intensity_seconds = day.Moderate,
            vigorous_intensity_seconds = day.Vigorous,
        },
        distance_data = new { steps = day.Steps, distance_meters = Math.Round(day.Steps * 0.76, 1), floors_climbed = day.Steps / 900, detailed = new { step_samples = Array.Empty<object>() } },
        heart_rate_data = new { summary = new { avg_hr_bpm = 68, max_hr_bpm = 151, min_hr_bpm = 49, resting_hr_bpm = 54 } },
        calories_data = new { total_burned_calories = 1_600 + (day.Steps / 25), net_activity_calories = day.Steps / 25, BMR_calories = 1_600 },
        device_data = Device(provider),
        scores = new { activity = (double?)null, recovery = (double?)null, sleep = (double?)null },
    };

    private static object Device(string provider) => new { name = $"Simulated {provider}", manufacturer = provider, serial_number = (string?)null, software_version = (string?)null };
}
