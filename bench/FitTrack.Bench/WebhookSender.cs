using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FitTrack.Bench;

/// <summary>Terra deliveries of one workout each, signed, every one for another member than the one before.</summary>
internal sealed class WebhookSender(string run)
{
    public const string Secret = "bench-webhook-secret"; // not a secret: of the server started for this run
    private const string Path = "/api/v1/webhooks/terra";
    private const int Minutes = 25;

    private readonly DateTimeOffset _day = TimeProvider.System.GetUtcNow().AddHours(-30);
    private long _sent;

    public byte[] Next()
    {
        var (body, signature, trace) = Sign(Population.Members);
        return LoadGenerator.Request("POST", Path, "localhost", body: body, extraHeaders: $"terra-signature: {signature}\r\nX-Terra-Trace-Id: {trace}\r\n");
    }

    /// <summary>The same for <see cref="HttpClient"/>.</summary>
    public HttpRequestMessage NextMessage(int members)
    {
        var (body, signature, trace) = Sign(members);
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("terra-signature", signature);
        request.Headers.TryAddWithoutValidation("X-Terra-Trace-Id", trace);
        return request;
    }

    private (string Body, string Signature, string Trace) Sign(int members)
    {
        var number = Interlocked.Increment(ref _sent);
        // Each of a member's workouts begins when the one before is over.
        var body = Body((int)(number % members), number, _day.AddMinutes(number / members * Minutes));
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{time}.{body}")));
        return (body, string.Create(CultureInfo.InvariantCulture, $"t={time},v1={Convert.ToHexStringLower(signature)}"), $"{run}-{number}");
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
