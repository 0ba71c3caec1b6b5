using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FitTrack.Bench;

/// <summary>Terra deliveries of one workout each, signed, every one for another member than the one before.</summary>
internal sealed class WebhookSender(string run)
{
    public const string Secret = "bench-webhook-secret"; // not a secret: of the server started for this run
    private const int Minutes = 25;

    private readonly DateTimeOffset _day = TimeProvider.System.GetUtcNow().AddHours(-30);
    private long _sent;

    public byte[] Next()
    {
        var number = Interlocked.Increment(ref _sent);
        var member = (int)(number % Population.Members);
        // Each of a member's workouts begins when the one before is over.
        var start = _day.AddMinutes(number / Population.Members * Minutes);
        var body = Body(member, number, start);
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{time}.{body}")));
        var headers = string.Create(CultureInfo.InvariantCulture,
            $"terra-signature: t={time},v1={Convert.ToHexStringLower(signature)}\r\nX-Terra-Trace-Id: {run}-{number}\r\n");
        return LoadGenerator.Request("POST", "/api/v1/webhooks/terra", "localhost", body: body, extraHeaders: headers);
    }

    private string Body(int member, long number, DateTimeOffset start) => JsonSerializer.Serialize(new
    {
        type = "activity",
        version = "2022-03-16",
        user = new { user_id = Population.TrackerAccount(member), provider = "GARMIN", active = true },
        data = new[]
        {
            new
            {
                metadata = new { summary_id = $"{run}-{number}", start_time = start, end_time = start.AddMinutes(Minutes - 1), type = 8, upload_type = 1, name = "Run" },
                active_durations_data = new { activity_seconds = 1380, low_intensity_seconds = 180, moderate_intensity_seconds = 600, vigorous_intensity_seconds = 600 },
                distance_data = new { summary = new { distance_meters = 4200.5, steps = 3900 } },
                heart_rate_data = new { summary = new { avg_hr_bpm = 148.2, max_hr_bpm = 171 } },
                calories_data = new { total_burned_calories = 310.4 },
            },
        },
    });
}
