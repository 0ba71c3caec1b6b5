using System.Buffers;
using System.Diagnostics;

namespace FitTrack.ServiceDefaults.Correlation;

/// <summary>
/// The id that ties together an answer, the log lines written for it and the calls made to other programs. It is the caller's
/// <c>X-Correlation-Id</c> if that is 1 to 64 letters, digits, '.', '_' or '-' (so nothing can be smuggled into a log), else the trace id.
/// Inside a request it is also <c>HttpContext.TraceIdentifier</c>, which problem details carry as <c>traceId</c>.
/// </summary>
public static class CorrelationId
{
    public const string Header = "X-Correlation-Id";
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Safe = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");
    private static readonly AsyncLocal<string?> Flowing = new();

    /// <summary>The id of the work in progress; null outside a request or <see cref="Begin"/>.</summary>
    public static string? Current => Flowing.Value;

    public static bool IsSafe(string? value) => value is { Length: > 0 and <= MaxLength } && !value.AsSpan().ContainsAnyExcept(Safe);

    /// <summary>A trace id of its own: 32 hexadecimal digits.</summary>
    public static string New() => ActivityTraceId.CreateRandom().ToHexString();

    /// <summary>Gives background work (a job, a queue item) an id until the result is disposed. An unsafe or missing <paramref name="id"/> is replaced.</summary>
    public static IDisposable Begin(string? id = null)
    {
        var outer = new Restore(Flowing.Value);
        Flowing.Value = IsSafe(id) ? id : Activity.Current?.TraceId.ToHexString() ?? New();
        return outer;
    }

    /// <summary>For the length of one request; Kestrel clears the execution context after each.</summary>
    internal static void Enter(string id) => Flowing.Value = id;

    private sealed class Restore(string? outer) : IDisposable
    {
        public void Dispose() => Flowing.Value = outer;
    }
}
