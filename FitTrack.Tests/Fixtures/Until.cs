using System.Diagnostics;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>Waits for what happens elsewhere: on another thread, in another process, in the database.</summary>
internal static class Until
{
    /// <summary>Far longer than anything takes on a slow machine: it only ends a wait for what never comes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    /// <summary>Reads at once, and again and again until it holds; answers what was read then.</summary>
    /// <param name="what">Is waited for, as the message says when it never comes.</param>
    /// <param name="pace">Between two reads; 25 ms unless told.</param>
    public static async Task<T> HoldsAsync<T>(string what, Func<Task<T>> read, Func<T, bool> holds, TimeSpan? pace = null)
    {
        var begun = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(pace ?? Pace);
        while (true)
        {
            var value = await read();
            if (holds(value))
                return value;
            Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, $"Waited in vain for {what}; at last it was {value}.");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <inheritdoc cref="HoldsAsync{T}(string, Func{Task{T}}, Func{T, bool}, TimeSpan?)"/>
    public static Task HoldsAsync(string what, Func<Task<bool>> holds) => HoldsAsync(what, holds, value => value);

    /// <inheritdoc cref="HoldsAsync{T}(string, Func{Task{T}}, Func{T, bool}, TimeSpan?)"/>
    public static Task HoldsAsync(string what, Func<bool> holds) => HoldsAsync(what, () => Task.FromResult(holds()));
}
