using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;

namespace FitTrack.Core.Leaderboards;

/// <summary>An administrator's order that every process forgets its boards and reads them anew; it stands in the audit log.</summary>
public sealed class ClearBoards(FitTrackDbContext db, IMessageBus bus, AuditLog audit)
{
    public async Task ExecuteAsync(Guid adminId, string? ipAddress, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await audit.AppendAsync(new AuditRecord(adminId, "leaderboards.clear", "leaderboard", "all", null, """{"kept":0}""", ipAddress), ct);
        bus.PublishOnCommit(db, BusTopics.Leaderboard, "");
        await transaction.CommitAsync(ct);
    }
}
