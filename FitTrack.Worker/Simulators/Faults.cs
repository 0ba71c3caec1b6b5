namespace FitTrack.Worker.Simulators;

internal enum FaultKind
{
    /// <summary>Answers with a status, in the provider's error shape.</summary>
    Status,

    /// <summary>Says that too much was asked, as the provider says it.</summary>
    RateLimit,

    /// <summary>Answers 200 with JSON that breaks off.</summary>
    Malformed,

    /// <summary>Waits, then answers as usual.</summary>
    Delay,
}

/// <param name="Times">The next so many calls, 1 to 1,000.</param>
/// <param name="Status">For <see cref="FaultKind.Status"/>.</param>
/// <param name="Seconds">For <see cref="FaultKind.Delay"/>.</param>
internal sealed record Fault(FaultKind Kind, int Times = 1, int Status = 503, double Seconds = 5);

/// <summary>What goes wrong with the next calls, by provider, in the order in which it was asked for.</summary>
internal sealed class Faults
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Fault>> _planned = [];

    public void Plan(string provider, Fault fault)
    {
        lock (_gate)
        {
            if (!_planned.TryGetValue(provider, out var list))
                _planned[provider] = list = [];
            list.Add(fault with { Times = Math.Clamp(fault.Times, 1, 1_000), Status = Math.Clamp(fault.Status, 400, 599), Seconds = Math.Clamp(fault.Seconds, 0, 60) });
        }
    }

    public void Clear()
    {
        lock (_gate)
            _planned.Clear();
    }

    public IReadOnlyList<Fault> Of(string provider)
    {
        lock (_gate)
            return [.. _planned.GetValueOrDefault(provider, [])];
    }

    private Fault? Take(string provider)
    {
        lock (_gate)
        {
            if (!_planned.TryGetValue(provider, out var list) || list.Count == 0)
                return null;
            var fault = list[0];
            if (fault.Times > 1)
                list[0] = fault with { Times = fault.Times - 1 };
            else
                list.RemoveAt(0);
            return fault;
        }
    }

    /// <summary>Stands before a provider's Api.</summary>
    public static async ValueTask<object?> BeforeAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next, Func<Sandbox, ISimulatedProvider> of)
    {
        var sandbox = call.HttpContext.Sandbox();
        var provider = of(sandbox);
        var fault = sandbox.Faults.Take(provider.Name);
        if (fault?.Kind == FaultKind.Delay)
            await Task.Delay(TimeSpan.FromSeconds(fault.Seconds), sandbox.Clock, call.HttpContext.RequestAborted);
        return fault?.Kind switch
        {
            FaultKind.Status => provider.Error(call.HttpContext, fault.Status, "injected fault"),
            FaultKind.RateLimit => provider.RateLimited(call.HttpContext),
            FaultKind.Malformed => Results.Text("""{"data":[{"broken":""", "application/json"),
            _ => await next(call),
        };
    }
}
