using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>How a change of password ended.</summary>
public abstract record PasswordChangeOutcome
{
    private PasswordChangeOutcome()
    {
    }

    public sealed record Changed : PasswordChangeOutcome;

    public sealed record NotFound : PasswordChangeOutcome;

    public sealed record Invalid(IReadOnlyList<InvalidField> Fields) : PasswordChangeOutcome;

    /// <summary>The present password was not right, or could not be looked at.</summary>
    public sealed record NotProven(ProofOutcome Proof) : PasswordChangeOutcome;
}

/// <summary>A member's new password, by the present one; every session but this one ends.</summary>
public sealed class ChangePassword(FitTrackDbContext db, Users users, Reauthentication reauthentication, PasswordHashing hashing, Sessions sessions, SecurityNotices notices, TimeProvider clock)
{
    public async Task<PasswordChangeOutcome> ExecuteAsync(Guid userId, Guid sessionId, string currentPassword, string newPassword, ClientInfo client, CancellationToken ct)
    {
        if (await db.Set<User>().SingleOrDefaultAsync(u => u.Id == userId && u.Status == UserStatus.Active, ct) is not { } user)
            return new PasswordChangeOutcome.NotFound();
        var proof = await reauthentication.ByPasswordAsync(user, currentPassword, client, ct);
        if (proof is not ProofOutcome.Proven)
            return new PasswordChangeOutcome.NotProven(proof);
        if (newPassword == currentPassword)
            return new PasswordChangeOutcome.Invalid([new InvalidField("newPassword", "The new password is the present one.")]);

        using (var turn = await hashing.TryEnterAsync(ct))
        {
            if (turn is null)
                return new PasswordChangeOutcome.NotProven(new ProofOutcome.Busy());
            var set = await Task.Run(() => users.SetPasswordAsync(user, newPassword), ct);
            if (!set.Succeeded)
                return new PasswordChangeOutcome.Invalid([.. set.Errors.Select(e => new InvalidField("newPassword", e.Description))]);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        notices.Add(userId, SecurityChange.PasswordChanged, clock.Now());
        await db.SaveChangesAsync(ct);
        await sessions.EndOthersAsync(userId, sessionId, SessionEnd.PasswordChanged, ct);
        await transaction.CommitAsync(ct);
        return new PasswordChangeOutcome.Changed();
    }
}
