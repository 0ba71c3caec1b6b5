using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace FitTrack.Tests.Fixtures;

/// <summary>Counts the requests that the Api works on, since it may still be at one whose caller has gone.</summary>
internal sealed class RequestsInFlight : IStartupFilter
{
    private int _count;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (_, rest) =>
        {
            Interlocked.Increment(ref _count);
            try
            {
                await rest();
            }
            finally
            {
                Interlocked.Decrement(ref _count);
            }
        });
        next(app);
    };

    public Task UntilNoneAsync() => Until.HoldsAsync("the end of every request", () => Volatile.Read(ref _count) == 0);
}
