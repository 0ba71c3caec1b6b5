using System.ComponentModel;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Reports;
using FitTrack.Core.Seeding;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitTrack.Api.Administration;

/// <param name="Users">1 to 10,000 members; 40 if not given.</param>
/// <param name="Activities">0 to 100,000 records from trackers; 300 if not given.</param>
/// <param name="Drawings">0 to 200; 12 if not given.</param>
/// <param name="Seed">The same seed makes the same demo; 42 if not given.</param>
public sealed record DemoDataRequest(int? Users, int? Activities, int? Drawings, int? Seed);

/// <summary>One message of a seeding that is watched: progress, and at the end the counts.</summary>
public sealed record DemoDataEvent(string? Step, int? Done, int? Total, IReadOnlyList<EntityCount>? Counts);

/// <summary>
/// Demo data by HTTP, for the test page. Mapped in Development only, so elsewhere these routes do not exist. Both are for administrators; while there is
/// none, anybody may seed, since the seed brings the first.
/// </summary>
internal static class DemoDataEndpoints
{
    public static void MapDemoData(this IEndpointRouteBuilder app)
    {
        if (!app.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment())
            return;
        var group = app.MapGroup("/admin").WithTags("Administration");
        group.DisableRequestTimeout();
        group.MapPost("/seed", SeedAsync).AllowAnonymous().WithSummary("Add the demo data (Development); with Accept: text/event-stream, progress is sent");
        group.MapPost("/reset", ResetAsync).RequireAdmin().WithSummary("Drop everything, apply the schema, seed demo data (Development); ends every session");
    }

    private static async Task<Results<Ok<SeedReport>, ServerSentEventsResult<DemoDataEvent>, UnauthorizedProblem, ForbiddenProblem, ConflictProblem, InvalidProblem>> SeedAsync(
        [Description("How much; everything has a default.")] DemoDataRequest? request, HttpRequest http, DemoSeeder seeder, CancellationToken ct)
    {
        var user = http.HttpContext.User;
        if (!user.IsInRole(Policies.Admin) && await seeder.HasAdministratorAsync(ct))
            return user.Identity?.IsAuthenticated == true ? Problems.Forbidden() : Problems.Unauthorized();
        var options = OptionsOf(request);
        if (options.Problem() is { } problem)
            return Problems.Invalid([new FieldError("", problem)]);
        if (await seeder.HasDemoAsync(ct))
            return Problems.Conflict("The demo data is there already; POST /admin/reset begins anew.");
        return await AnswerAsync(http, progress => seeder.RunAsync(options, progress, ct), ct) switch
        {
            SeedReport report => TypedResults.Ok(report),
            var stream => (ServerSentEventsResult<DemoDataEvent>)stream,
        };
    }

    private static async Task<Results<Ok<SeedReport>, ServerSentEventsResult<DemoDataEvent>, InvalidProblem>> ResetAsync(
        [Description("How much; everything has a default.")] DemoDataRequest? request, HttpRequest http, DatabaseReset reset, CancellationToken ct)
    {
        var options = OptionsOf(request);
        if (options.Problem() is { } problem)
            return Problems.Invalid([new FieldError("", problem)]);
        return await AnswerAsync(http, progress => reset.RunAsync(options, progress, ct), ct) switch
        {
            SeedReport report => TypedResults.Ok(report),
            var stream => (ServerSentEventsResult<DemoDataEvent>)stream,
        };
    }

    private static SeedOptions OptionsOf(DemoDataRequest? request)
    {
        var given = new SeedOptions();
        return new SeedOptions(request?.Users ?? given.Users, request?.Activities ?? given.Activities, request?.Drawings ?? given.Drawings, request?.Seed ?? given.Seed);
    }

    /// <summary>Who asks for a stream watches the work; everybody else gets the counts when it is done.</summary>
    private static async Task<object> AnswerAsync(HttpRequest http, Func<IProgress<SeedProgress>?, Task<SeedReport>> work, CancellationToken ct) =>
        http.GetTypedHeaders().Accept.Any(a => a.MediaType == "text/event-stream")
            ? TypedResults.ServerSentEvents(WatchAsync(work, ct))
            : await work(null);

    private static async IAsyncEnumerable<SseItem<DemoDataEvent>> WatchAsync(Func<IProgress<SeedProgress>?, Task<SeedReport>> work, [EnumeratorCancellation] CancellationToken ct)
    {
        // Only the latest progress matters; a slow reader must not slow the seeding.
        var latest = Channel.CreateBounded<SeedProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var working = Task.Run(
            async () =>
            {
                try
                {
                    return await work(new Writer(latest.Writer));
                }
                finally
                {
                    latest.Writer.Complete();
                }
            },
            ct);
        await foreach (var progress in latest.Reader.ReadAllAsync(ct))
            yield return new SseItem<DemoDataEvent>(new DemoDataEvent(progress.Step, progress.Done, progress.Total, null), "progress");
        yield return new SseItem<DemoDataEvent>(new DemoDataEvent(null, null, null, (await working).Counts), "done");
    }

    private sealed class Writer(ChannelWriter<SeedProgress> to) : IProgress<SeedProgress>
    {
        public void Report(SeedProgress value) => to.TryWrite(value);
    }
}
