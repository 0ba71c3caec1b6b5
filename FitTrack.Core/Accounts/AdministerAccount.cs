using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>An administrator at work: who, and from where.</summary>
public sealed record AdminActor(Guid Id, string? IpAddress);

/// <summary>What an administrator may change of an account; null stays as it is.</summary>
/// <param name="Status">active or suspended; <c>pending</c> and <c>deleted</c> come about otherwise.</param>
public sealed record AdminAccountChange(string? Email, UserRole? Role, UserStatus? Status, string? State, ProfileInput? Profile);

/// <summary>An administrator's changes to an account, each with its entry in the audit log.</summary>
public sealed class AdministerAccount(FitTrackDbContext db, ChangeAccount changes, AccountDirectory directory, Sessions sessions, AuditLog audit, TimeProvider clock)
{
    public async Task<ChangeOutcome> ExecuteAsync(Guid userId, AdminAccountChange change, Func<long, bool>? mayChange, AdminActor admin, CancellationToken ct)
    {
        var problems = new List<InvalidField>();
        var wanted = Read(change, problems);
        if (admin.Id == userId && (change.Role is { } role && role != UserRole.Admin || change.Status == UserStatus.Suspended))
            problems.Add(new InvalidField(change.Status == UserStatus.Suspended ? "status" : "role", "Administrators cannot lock themselves out."));
        if (problems.Count > 0)
            return new ChangeOutcome.Invalid(problems);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Set<User>().SingleOrDefaultAsync(u => u.Id == userId && u.Status != UserStatus.Deleted, ct) is not { } user)
            return new ChangeOutcome.NotFound();
        if (mayChange?.Invoke(user.Version) == false)
            return new ChangeOutcome.Stale();
        if (wanted.Email is { } email && await db.Set<User>().AnyAsync(u => u.NormalizedEmail == email.Normalized && u.Id != userId, ct))
            return new ChangeOutcome.EmailTaken();

        var before = await directory.FindAsync(userId, ct);
        var now = clock.Now();
        if (wanted.Details is not null && await changes.ApplyAsync(user, wanted.Details, asAdmin: true, now, ct) is { } refusal)
            return refusal;
        Apply(user, change, wanted, now);
        return await changes.SaveAsync(userId, async token =>
        {
            if (change.Status == UserStatus.Suspended || change.Role is not null)
                await sessions.EndAllAsync(userId, SessionEnd.SignedOutEverywhere, token);
            var after = await directory.FindAsync(userId, token);
            await audit.AppendAsync(AuditRecord.Of(admin, "user.update", "user", userId.ToString(), before, after), token);
            await transaction.CommitAsync(token);
        }, ct);
    }

    private static Wanted Read(AdminAccountChange change, List<InvalidField> problems)
    {
        EmailAddress? email = null;
        if (change.Email is not null && !EmailAddress.TryParse(change.Email, out email))
            problems.Add(new InvalidField("email", "A valid e-mail address is required."));
        if (change.Status is UserStatus.Pending or UserStatus.Deleted)
            problems.Add(new InvalidField("status", "An account can be set to active or suspended."));
        var state = change.State?.Trim().ToUpperInvariant();
        if (state is not null && !UsStates.Codes.Contains(state))
            problems.Add(new InvalidField("state", "A two-letter US state code is required."));
        return new Wanted(email, state, change.Profile?.Read("profile.", problems));
    }

    private static void Apply(User user, AdminAccountChange change, Wanted wanted, DateTimeOffset now)
    {
        if (wanted.Email is { } email && email.Text != user.Email)
            user.ChangeEmail(email, verified: true, now);
        if (change.Role is { } role && role != user.Role)
            user.ChangeRole(role, now);
        if (wanted.State is { } state)
            user.MoveTo(state, now);
        if (change.Status == UserStatus.Suspended)
            user.Suspend(now);
        else if (change.Status == UserStatus.Active && user.Status == UserStatus.Suspended)
            user.Reinstate(now);
        else if (change.Status == UserStatus.Active && user.Status == UserStatus.Pending)
            user.VerifyEmail(now);
        user.Touch(now);
    }

    private sealed record Wanted(EmailAddress? Email, string? State, ProfileDetails? Details);
}
