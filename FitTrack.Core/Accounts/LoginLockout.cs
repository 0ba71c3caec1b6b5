using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Accounts;

/// <summary>An attempt that has its place among those of its address; or how long the address is locked, and then there is none.</summary>
public sealed record LoginReservation(Guid Attempt, TimeSpan? Locked);

/// <summary>
/// Five failures within 15 minutes lock an address for 15 minutes, counted from the fifth (<see cref="AccountsOptions"/>). Attempts take
/// their place before anything is tried, one behind the other, so that guesses sent at once on many instances are five as well.
/// </summary>
public sealed class LoginLockout(FitTrackDbContext db, IOptions<AccountsOptions> options, TimeProvider clock)
{
    /// <summary>How long the address stays locked; null when it is not.</summary>
    public async Task<TimeSpan?> RemainingAsync(string normalizedEmail, CancellationToken ct)
    {
        var rules = options.Value;
        var now = clock.Now();
        var horizon = now - rules.LockoutWindow - rules.LockoutDuration;
        var recent = await db.Set<LoginAttempt>().AsNoTracking()
            .Where(a => a.NormalizedEmail == normalizedEmail && a.AttemptedAt > horizon
                && (a.Outcome == LoginOutcome.Succeeded || a.Outcome == LoginOutcome.WrongPassword || a.Outcome == LoginOutcome.UnknownEmail || a.Outcome == LoginOutcome.WrongCode))
            .OrderByDescending(a => a.AttemptedAt)
            .ThenByDescending(a => a.Id)
            .Select(a => new { a.Outcome, a.AttemptedAt })
            .Take(rules.LockoutFailures)
            .ToListAsync(ct);
        // A success forgets the failures before it.
        if (recent.Count < rules.LockoutFailures || recent.Exists(a => a.Outcome == LoginOutcome.Succeeded))
            return null;
        // Places of one instant follow each other by microseconds, which nobody is to wait for.
        var last = recent[0].AttemptedAt.AddTicks(-(recent[0].AttemptedAt.Ticks % TimeSpan.TicksPerMillisecond));
        var unlocked = last + rules.LockoutDuration;
        return last - recent[^1].AttemptedAt <= rules.LockoutWindow && unlocked > now ? unlocked - now : null;
    }

    /// <summary>Takes a place unless the address is locked. It counts as a failure until it is settled as something else, so that a process that dies gives nothing away.</summary>
    /// <param name="normalizedEmail">Of an account or not.</param>
    /// <param name="userId">The account's; null when there is none.</param>
    /// <param name="client">Where from.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<LoginReservation> ReserveAsync(string normalizedEmail, Guid? userId, ClientInfo client, CancellationToken ct)
    {
        while (true)
        {
            // The place first, then whether it may be taken: whoever comes in between has taken it.
            var last = await db.Set<LoginAttempt>().AsNoTracking()
                .Where(a => a.NormalizedEmail == normalizedEmail && a.Outcome != LoginOutcome.Locked)
                .OrderByDescending(a => a.AttemptedAt)
                .ThenByDescending(a => a.Id)
                .Select(a => new { a.Id, a.AttemptedAt })
                .FirstOrDefaultAsync(ct);
            if (await RemainingAsync(normalizedEmail, ct) is { } wait)
                return new LoginReservation(Guid.Empty, wait);

            var failure = userId is null ? LoginOutcome.UnknownEmail : LoginOutcome.WrongPassword;
            var attempt = LoginAttempt.Behind(last is null ? null : (last.Id, last.AttemptedAt), normalizedEmail, userId, failure, client, clock.Now());
            db.Add(attempt);
            try
            {
                await db.SaveChangesAsync(ct);
                return new LoginReservation(attempt.Id, null);
            }
            catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
            {
                // Somebody else stands there now; the next place is behind them.
                db.Entry(attempt).State = EntityState.Detached;
            }
        }
    }

    /// <summary>Says how an attempt ended, when not in the failure it was taken for.</summary>
    public Task SettleAsync(LoginReservation attempt, LoginOutcome outcome, CancellationToken ct) =>
        db.Set<LoginAttempt>().Where(a => a.Id == attempt.Attempt).ExecuteUpdateAsync(s => s.SetProperty(a => a.Outcome, outcome), ct);
}
