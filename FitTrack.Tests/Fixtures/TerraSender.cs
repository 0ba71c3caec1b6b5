using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Terra;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>Sends what Terra would send, signed as Terra signs, and lets the Worker's processor work it off.</summary>
public sealed class TerraSender(ApiFixture api)
{
    public const string Secret = "terra-test-secret";
    public const string Address = "/api/v1/webhooks/terra";

    private readonly HttpClient _client = api.NewClient();

    /// <summary>Call before the fixture's first client is made.</summary>
    public static void Configure(ApiFixture api) => api.Factory.Settings["Trackers:Terra:WebhookSecret"] = Secret;

    public async Task<HttpResponseMessage> SendAsync(byte[] body, string? traceId = null, string? signature = null, DateTimeOffset? orderedAt = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("X-Terra-Signature", signature ?? TerraSignature.Create(body, Secret, api.Clock.Now));
        request.Headers.TryAddWithoutValidation("X-Terra-Trace-Id", traceId ?? Guid.NewGuid().ToString());
        if (orderedAt is { } time)
            request.Headers.TryAddWithoutValidation("X-Terra-Ordering-Timestamp", time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> SendAsync(string body, string? traceId = null, string? signature = null, DateTimeOffset? orderedAt = null) =>
        SendAsync(Encoding.UTF8.GetBytes(body), traceId, signature, orderedAt);

    /// <summary>Sends, expects it to be taken, and processes it.</summary>
    public async Task DeliverAsync(string body, string? traceId = null, DateTimeOffset? orderedAt = null)
    {
        using var response = await SendAsync(body, traceId, orderedAt: orderedAt);
        await response.ReadJsonAsync(HttpStatusCode.Accepted);
        await ProcessAsync();
    }

    /// <summary>What the Worker does when it is woken.</summary>
    public Task ProcessAsync() => api.Factory.ProcessWebhooksAsync(TestContext.Current.CancellationToken);

    /// <summary>The sign-in at a provider that connects it to a member; answers Terra's id of the account.</summary>
    public async Task<string> ConnectAsync(Guid userId, string provider = "GARMIN", string? account = null)
    {
        account ??= Guid.NewGuid().ToString();
        await CameBackAsync(userId, account);
        await DeliverAsync(Auth(userId, provider, account));
        return account;
    }

    /// <summary>The member has come back from a sign-in with this account, as <c>POST /connections/{provider}/callback</c> stores it.</summary>
    public async Task CameBackAsync(Guid userId, string account)
    {
        await using var db = api.OpenDb();
        var begun = db.Add(OAuthState.Begin(Guid.NewGuid().ToString("N"), userId, "garmin", null, api.Clock.Now, TimeSpan.FromMinutes(15)));
        begun.Property(s => s.UsedAt).CurrentValue = api.Clock.Now;
        begun.Property(s => s.ExternalUserId).CurrentValue = account;
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    public static string Auth(Guid userId, string provider, string account) => JsonSerializer.Serialize(new
    {
        type = "auth",
        status = "success",
        user = new { user_id = account, provider, reference_id = $"fittrack-user-{userId}", scopes = "ACTIVITY_EXPORT", active = true },
    });

    public static string About(string type, string account, string? message = null) =>
        JsonSerializer.Serialize(new { type, status = "warning", message, user = new { user_id = account, provider = "GARMIN" } });

    /// <summary>An activity message with one workout.</summary>
    public static string Workout(string account, string summaryId, DateTimeOffset start, int minutes, int type = 8, int? low = null, int? moderate = null, int? vigorous = null, int upload = 1, int? steps = null) =>
        Message("activity", account, new
        {
            metadata = new { summary_id = summaryId, start_time = Time(start), end_time = Time(start.AddMinutes(minutes)), type, upload_type = upload, name = "Morning Run" },
            active_durations_data = new { activity_seconds = minutes * 60, low_intensity_seconds = low, moderate_intensity_seconds = moderate, vigorous_intensity_seconds = vigorous },
            distance_data = new { summary = new { steps, distance_meters = 1000.5 } },
            heart_rate_data = new { summary = new { avg_hr_bpm = 148.2, max_hr_bpm = 181 } },
        });

    /// <summary>A daily message for a local day in New York.</summary>
    public static string Daily(string account, DateOnly day, int? steps, int? low = null, int? moderate = null, int? vigorous = null)
    {
        var start = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(-5));
        return Message("daily", account, new
        {
            metadata = new { start_time = Time(start), end_time = Time(start.AddDays(1)), upload_type = 1 },
            distance_data = new { steps },
            active_durations_data = low is null ? null : new { low_intensity_seconds = low, moderate_intensity_seconds = moderate, vigorous_intensity_seconds = vigorous },
        });
    }

    public static string Message(string type, string account, params object[] data) =>
        JsonSerializer.Serialize(new { type, version = "2022-03-16", user = new { user_id = account, provider = "GARMIN" }, data });

    /// <summary>A recorded message as it would come today, for an account that is connected here.</summary>
    public static string Redate(string recorded, string account, DateTimeOffset start)
    {
        var root = JsonNode.Parse(recorded)!;
        root["user"]!["user_id"] = account;
        foreach (var item in root["data"]!.AsArray())
        {
            var metadata = item!["metadata"]!;
            var length = DateTimeOffset.Parse((string)metadata["end_time"]!, CultureInfo.InvariantCulture) - DateTimeOffset.Parse((string)metadata["start_time"]!, CultureInfo.InvariantCulture);
            metadata["start_time"] = Time(start);
            metadata["end_time"] = Time(start + length);
        }

        return root.ToJsonString();
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
}
