using System.Net.Http.Headers;

namespace FitTrack.Worker.Simulators;

/// <summary>How a delivery differs from a proper one.</summary>
internal enum Twist
{
    None,

    /// <summary>The same delivery comes a second time, as after a lost acknowledgement.</summary>
    Twice,

    /// <summary>An effort and its correction arrive in the wrong order.</summary>
    Reordered,
    BrokenSignature,

    /// <summary>Rightly signed ten minutes ago.</summary>
    OldTimestamp,
    Unsigned,

    /// <summary>The body breaks off; what is left of it is rightly signed.</summary>
    Malformed,
}

/// <param name="Target">Null when nobody has asked for webhooks.</param>
/// <param name="Headers">The headers for this body at this time; made anew for every attempt.</param>
internal sealed record Delivery(string Provider, string Account, string Type, Uri? Target, byte[] Body, Func<byte[], DateTimeOffset, Twist, IEnumerable<(string Name, string Value)>> Headers);

/// <param name="Outcome">The status that came back, or why none did.</param>
internal sealed record DeliveryReport(DateTimeOffset At, string Provider, string Account, string Type, int Attempt, Twist Twist, string Outcome);

/// <summary>Sends webhooks, tries again later as the providers do, and remembers what came of it.</summary>
internal sealed class Webhooks(HttpMessageInvoker http, TimeProvider clock)
{
    private const int Remembered = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>Terra's schedule (providers 1.6); Strava stops after the third attempt.</summary>
    private static readonly TimeSpan[] Pauses = [.. new double[] { 5, 30, 60, 120, 240, 480, 480 }.Select(TimeSpan.FromMinutes)];

    private readonly Lock _gate = new();
    private readonly Queue<DeliveryReport> _reports = new();
    private readonly HashSet<Task> _background = [];

    public IReadOnlyList<DeliveryReport> Reports
    {
        get
        {
            lock (_gate)
                return [.. _reports.Reverse()];
        }
    }

    /// <summary>Sends one after the other and answers what came back; what failed untwisted is tried again in the background.</summary>
    public async Task<IReadOnlyList<DeliveryReport>> SendAsync(IReadOnlyList<Delivery> deliveries, Twist twist = Twist.None)
    {
        IEnumerable<Delivery> order = twist switch
        {
            Twist.Twice => deliveries.Concat(deliveries),
            Twist.Reordered => deliveries.Reverse(),
            _ => deliveries,
        };
        var reports = new List<DeliveryReport>();
        foreach (var delivery in order)
        {
            var report = await AttemptAsync(delivery, twist, 1);
            reports.Add(report);
            if (delivery.Target is not null && twist is Twist.None or Twist.Twice or Twist.Reordered && !IsTaken(report))
                InBackground(RetryAsync(delivery));
        }

        return reports;
    }

    /// <summary>The same without waiting for it.</summary>
    public void Post(params Delivery[] deliveries) => InBackground(SendAsync(deliveries));

    /// <summary>Completes when everything posted so far was tried once.</summary>
    public async Task PostedAsync()
    {
        Task[] posted;
        lock (_gate)
            posted = [.. _background.OfType<Task<IReadOnlyList<DeliveryReport>>>()];
        await Task.WhenAll(posted);
    }

    /// <summary>Asks an address at once, within two seconds; true when it answers 200 with a body that fits.</summary>
    public async Task<bool> AnswersAsync(Uri address, Func<string, bool> fits)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var answer = await http.SendAsync(request, patience.Token);
            return answer.StatusCode == System.Net.HttpStatusCode.OK && fits(await answer.Content.ReadAsStringAsync(patience.Token));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private static bool IsTaken(DeliveryReport report) => report.Outcome.StartsWith('2');

    private async Task RetryAsync(Delivery delivery)
    {
        var most = delivery.Provider == StravaSimulator.ProviderName ? 2 : Pauses.Length;
        for (var i = 0; i < most; i++)
        {
            await Task.Delay(Pauses[i], clock);
            if (IsTaken(await AttemptAsync(delivery, Twist.None, i + 2)))
                return;
        }
    }

    private async Task<DeliveryReport> AttemptAsync(Delivery delivery, Twist twist, int attempt)
    {
        var now = clock.GetUtcNow();
        var body = twist == Twist.Malformed ? delivery.Body[..(delivery.Body.Length / 2)] : delivery.Body;
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Target) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in delivery.Headers(body, now, twist))
            request.Headers.TryAddWithoutValidation(name, value);

        var report = new DeliveryReport(now, delivery.Provider, delivery.Account, delivery.Type, attempt, twist, await OutcomeAsync(request));
        lock (_gate)
        {
            _reports.Enqueue(report);
            if (_reports.Count > Remembered)
                _reports.Dequeue();
        }

        return report;
    }

    private async Task<string> OutcomeAsync(HttpRequestMessage request)
    {
        if (request.RequestUri is null)
            return "nobody has asked for webhooks";
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            using var answer = await http.SendAsync(request, patience.Token);
            return $"{(int)answer.StatusCode} {answer.ReasonPhrase}";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return e is OperationCanceledException ? "no answer within 8 s" : e.Message;
        }
    }

    private void InBackground(Task task)
    {
        lock (_gate)
        {
            _background.RemoveWhere(t => t.IsCompletedSuccessfully);
            _background.Add(task);
        }
    }
}
