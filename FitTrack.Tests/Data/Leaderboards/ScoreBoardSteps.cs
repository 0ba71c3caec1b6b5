using FitTrack.Core.Competition;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Messaging;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Data.Leaderboards;

internal static class ScoreBoardSteps
{
    public static readonly CompetitionCalendar Calendar = new(Options.Create(new CompetitionOptions()));

    /// <summary>Changes boards in a transaction of their own, as booking does; the bus hears of it after the commit.</summary>
    public static async Task WriteScoresAsync(this TestDatabase database, IMessageBus bus, Func<ScoreBoard, Task> work)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var db = database.Open(bus);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await work(new ScoreBoard(db, Calendar, bus));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
