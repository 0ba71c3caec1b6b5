namespace FitTrack.Worker.Simulators;

/// <summary>The application's calls in this quarter hour and on this UTC day (providers 2.4), which every answer tells.</summary>
internal sealed class StravaUsage(Sandbox sandbox)
{
    private readonly Lock _gate = new();
    private (long Window, int Count) _quarter;
    private (long Window, int Count) _quarterReads;
    private (long Window, int Count) _day;
    private (long Window, int Count) _dayReads;

    public string Text
    {
        get
        {
            lock (_gate)
            {
                Count(0, 0);
                return $"{_quarter.Count} of {sandbox.Options.StravaLimit} calls this quarter hour, {_day.Count} of {sandbox.Options.StravaDailyLimit} today";
            }
        }
    }

    /// <summary>Counts a call and says whether it is within the limits; one over them counts too.</summary>
    public bool Take(HttpContext call)
    {
        lock (_gate)
        {
            Count(1, HttpMethods.IsGet(call.Request.Method) ? 1 : 0);
            Tell(call);
            var options = sandbox.Options;
            return _quarter.Count <= options.StravaLimit && _day.Count <= options.StravaDailyLimit && _quarterReads.Count <= options.StravaReadLimit && _dayReads.Count <= options.StravaDailyReadLimit;
        }
    }

    /// <summary>As if this quarter hour's calls were used up, on this one answer.</summary>
    public void Exhaust(HttpContext call)
    {
        lock (_gate)
            Tell(call, atLeast: true);
    }

    /// <summary>Uses up this quarter hour.</summary>
    public void Exhaust()
    {
        lock (_gate)
            Count(sandbox.Options.StravaLimit, sandbox.Options.StravaReadLimit);
    }

    private void Count(int calls, int reads)
    {
        var now = sandbox.Now.ToUnixTimeSeconds();
        Add(ref _quarter, now / 900, calls);
        Add(ref _quarterReads, now / 900, reads);
        Add(ref _day, now / 86_400, calls);
        Add(ref _dayReads, now / 86_400, reads);
    }

    private static void Add(ref (long Window, int Count) counter, long window, int more) =>
        counter = (window, (counter.Window == window ? counter.Count : 0) + more);

    private void Tell(HttpContext call, bool atLeast = false)
    {
        var (headers, options) = (call.Response.Headers, sandbox.Options);
        int Used(int count, int limit) => atLeast ? Math.Max(count, limit) : count;
        headers["X-RateLimit-Limit"] = $"{options.StravaLimit},{options.StravaDailyLimit}";
        headers["X-RateLimit-Usage"] = $"{Used(_quarter.Count, options.StravaLimit)},{_day.Count}";
        headers["X-ReadRateLimit-Limit"] = $"{options.StravaReadLimit},{options.StravaDailyReadLimit}";
        headers["X-ReadRateLimit-Usage"] = $"{Used(_quarterReads.Count, options.StravaReadLimit)},{_dayReads.Count}";
    }
}
