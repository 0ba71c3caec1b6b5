using System.Collections;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FitTrack.ServiceDefaults.Correlation;

/// <summary>
/// Adds correlation, trace and span id to every log line when the line is written. A scope pushed per request would be
/// paid for by the many requests that log nothing.
/// </summary>
internal sealed class CorrelatedScopes : IExternalScopeProvider
{
    private readonly LoggerExternalScopeProvider _pushed = new();

    public IDisposable Push(object? state) => _pushed.Push(state);

    public void ForEachScope<TState>(Action<object?, TState> callback, TState state)
    {
        if (CorrelationId.Current is { } id)
            callback(new Scope(id, Activity.Current), state);
        _pushed.ForEachScope(callback, state);
    }

    private sealed class Scope(string id, Activity? activity) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => activity is null ? 1 : 3;

        public KeyValuePair<string, object?> this[int index] => index switch
        {
            0 => new("CorrelationId", id),
            1 when activity is not null => new("TraceId", activity.TraceId.ToHexString()),
            2 when activity is not null => new("SpanId", activity.SpanId.ToHexString()),
            _ => throw new ArgumentOutOfRangeException(nameof(index)),
        };

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            for (var i = 0; i < Count; i++)
                yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"CorrelationId:{id}");
    }
}

internal static class CorrelationRegistration
{
    public static void AddCorrelation(this IHostApplicationBuilder builder)
    {
        builder.Services.Replace(ServiceDescriptor.Singleton<IExternalScopeProvider, CorrelatedScopes>());
        builder.Services.AddTransient<IStartupFilter, CorrelationStartupFilter>();
    }
}
