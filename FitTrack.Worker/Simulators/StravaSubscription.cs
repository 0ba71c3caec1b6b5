using System.Text.Json;

namespace FitTrack.Worker.Simulators;

/// <summary>The application's one webhook subscription (providers 2.5).</summary>
internal sealed class StravaSubscription(Sandbox sandbox)
{
    /// <summary>Null while nobody has subscribed.</summary>
    public Uri? Callback { get; private set; } = sandbox.Options.StravaWebhook;

    public long Id { get; } = sandbox.Options.StravaSubscriptionId;

    public async Task<IResult> CreateAsync(HttpContext call)
    {
        var form = await call.Request.ReadFormAsync(call.RequestAborted);
        if (!IsOurs(form["client_id"], form["client_secret"]))
            return StravaSimulator.Fault(401, "Authorization Error", "Application", "client_id", "invalid");
        if (Callback is not null)
            return StravaSimulator.Fault(400, "Bad Request", "PushSubscription", "", "already exists");
        if (form["callback_url"].ToString() is not { Length: > 0 and <= 255 } address || !Uri.TryCreate(address, UriKind.Absolute, out var callback))
            return StravaSimulator.Fault(400, "Bad Request", "PushSubscription", "callback url", "invalid");

        var challenge = sandbox.NextId().ToString("N");
        if (!await sandbox.Webhooks.AnswersAsync(new Uri(Wire.With(address, ("hub.mode", "subscribe"), ("hub.verify_token", form["verify_token"].ToString()), ("hub.challenge", challenge))), Echoes))
            return StravaSimulator.Fault(400, "Bad Request", "PushSubscription", "callback url", "not verifiable");
        Callback = callback;
        return Wire.Answer(new { id = Id }, 201);

        bool Echoes(string body)
        {
            try
            {
                using var answer = JsonDocument.Parse(body);
                return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("hub.challenge", out var echoed) && echoed.ValueEquals(challenge);
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }

    public IResult List(HttpContext call) =>
        !IsOurs(call.Query("client_id"), call.Query("client_secret")) ? StravaSimulator.Fault(401, "Authorization Error", "Application", "client_id", "invalid")
        : Wire.Answer(Callback is null ? [] : new object[] { new { id = Id, resource_state = 2, application_id = 1, callback_url = Callback.ToString() } });

    public IResult Delete(HttpContext call, string id)
    {
        if (!IsOurs(call.Query("client_id"), call.Query("client_secret")))
            return StravaSimulator.Fault(401, "Authorization Error", "Application", "client_id", "invalid");
        if (Callback is null || id != $"{Id}")
            return StravaSimulator.Fault(404, "Resource Not Found", "PushSubscription", "id", "not found");
        Callback = null;
        return Results.NoContent();
    }

    private bool IsOurs(string? id, string? secret) => id == sandbox.Options.StravaClientId && secret == sandbox.Options.StravaClientSecret;
}
