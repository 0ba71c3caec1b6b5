using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Xunit;

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

    public async Task UntilNoneAsync()
    {
        while (Volatile.Read(ref _count) > 0) await Task.Delay(5, TestContext.Current.CancellationToken);
    }
}
