using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>What the owner of an account may change; null stays as it is.</summary>
public sealed record AccountChange(string? State, ProfileInput? Profile);

/// <summary>How a change of an account ended.</summary>
public abstract record ChangeOutcome
{
    private ChangeOutcome()
    {
    }

    public sealed record Changed(AccountView Account) : ChangeOutcome;

    public sealed record NotFound : ChangeOutcome;

    /// <summary>It is not the version that the caller had read.</summary>
    public sealed record Stale : ChangeOutcome;

    public sealed record Invalid(IReadOnlyList<InvalidField> Fields) : ChangeOutcome;

    public sealed record DisplayNameTaken : ChangeOutcome;

    public sealed record EmailTaken : ChangeOutcome;

    /// <summary>Sex, level and OPEN may change again at this time.</summary>
    public sealed record DeclaredLately(DateTimeOffset NextAt) : ChangeOutcome;
}

/// <summary>A member's changes to their own account and profile.</summary>
public sealed class ChangeAccount(FitTrackDbContext db, MemberTiers tiers, AccountDirectory directory, CompetitionCalendar calendar, IMessageBus bus, TimeProvider clock)
{
    /// <summary>Changes state and profile; the first profile makes the member's tier.</summary>
    /// <param name="userId">The member.</param>
    /// <param name="change">What to change.</param>
    /// <param name="mayChange">Whether the caller may change this version; null: whatever is there.</param>
    public async Task<ChangeOutcome> ExecuteAsync(Guid userId, AccountChange change, Func<long, bool>? mayChange, CancellationToken ct)
    {
        var problems = new List<InvalidField>();
        var state = change.State?.Trim().ToUpperInvariant();
        if (state is not null && !UsStates.Codes.Contains(state))
            problems.Add(new InvalidField("state", "A two-letter US state code is required."));
        var details = change.Profile?.Read("profile.", problems);
        if (problems.Count > 0)
            return new ChangeOutcome.Invalid(problems);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Set<User>().SingleOrDefaultAsync(u => u.Id == userId && u.Status != UserStatus.Deleted, ct) is not { } user)
            return new ChangeOutcome.NotFound();
        if (mayChange?.Invoke(user.Version) == false)
            return new ChangeOutcome.Stale();

        var now = clock.Now();
        if (details is not null && await ApplyAsync(user, details, asAdmin: false, now, ct) is { } refusal)
            return refusal;
        if (state is not null)
            user.MoveTo(state, now);
        user.Touch(now);
        return await SaveAsync(user.Id, transaction.CommitAsync, ct);
    }

    /// <summary>Puts details into the member's profile, or makes it; the answer is why not. The caller saves.</summary>
    internal async Task<ChangeOutcome?> ApplyAsync(User user, ProfileDetails details, bool asAdmin, DateTimeOffset now, CancellationToken ct)
    {
        var name = details.DisplayName.Normalized;
        if (await db.Set<Profile>().AnyAsync(p => p.NormalizedDisplayName == name && p.UserId != user.Id, ct))
            return new ChangeOutcome.DisplayNameTaken();

        var today = calendar.DayOf(now);
        var profile = await db.Set<Profile>().SingleOrDefaultAsync(p => p.UserId == user.Id, ct);
        if (profile is null)
        {
            tiers.Begin(db.Add(Profile.Create(user.Id, details, user.DateOfBirth, today, now)).Entity, today, now);
            return null;
        }

        if (asAdmin)
            profile.Correct(details, now);
        else if (profile.ChangesDeclaration(details) && profile.NextDeclaration(now) is { } next)
            return new ChangeOutcome.DeclaredLately(next);
        else
            profile.Update(details, now);
        await tiers.FollowAsync(profile, user.DateOfBirth, now, ct);
        return null;
    }

    /// <summary>Saves and commits; the one expected failure is a name that was taken at the same moment.</summary>
    internal async Task<ChangeOutcome> SaveAsync(Guid userId, Func<CancellationToken, Task> commit, CancellationToken ct)
    {
        bus.PublishOnCommit(db, BusTopics.Member, userId.ToString());
        try
        {
            await db.SaveChangesAsync(ct);
            await commit(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new ChangeOutcome.Stale();
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            return e.Entries.Any(entry => entry.Entity is User) ? new ChangeOutcome.EmailTaken() : new ChangeOutcome.DisplayNameTaken();
        }

        return await directory.FindAsync(userId, ct) is { } account ? new ChangeOutcome.Changed(account) : new ChangeOutcome.NotFound();
    }
}
