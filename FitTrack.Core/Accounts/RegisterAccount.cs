using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Accounts;

/// <summary>What a person sends to join. The profile can follow later; nothing scores until it is there.</summary>
public sealed record Registration(string? Email, string? Password, DateOnly? DateOfBirth, string? State, ProfileInput? Profile = null);

/// <summary>How a registration ended.</summary>
public abstract record RegistrationOutcome
{
    private RegistrationOutcome()
    {
    }

    public sealed record Registered(Guid UserId) : RegistrationOutcome;

    public sealed record Invalid(IReadOnlyList<InvalidField> Fields) : RegistrationOutcome;

    public sealed record TooYoung(int MinimumAge) : RegistrationOutcome;

    public sealed record StateNotEligible : RegistrationOutcome;

    public sealed record EmailTaken : RegistrationOutcome;

    public sealed record DisplayNameTaken : RegistrationOutcome;

    /// <summary>Too many passwords wait to be hashed.</summary>
    public sealed record Busy : RegistrationOutcome;
}

/// <summary>Opens an account: pending, with a verification mail on its way in the same transaction.</summary>
public sealed class RegisterAccount(
    FitTrackDbContext db,
    StateEligibility states,
    AccountLinks links,
    MemberTiers tiers,
    PasswordHashing hashing,
    CompetitionCalendar calendar,
    IOptions<AccountsOptions> options,
    TimeProvider clock)
{
    private static readonly DateOnly EarliestBirth = new(1900, 1, 1);

    public async Task<RegistrationOutcome> ExecuteAsync(Registration registration, CancellationToken ct)
    {
        var problems = new List<InvalidField>();
        var today = calendar.DayOf(clock.Now());
        var fields = Read(registration, today, problems);
        if (fields is null)
            return new RegistrationOutcome.Invalid(problems);
        if (CalendarAge.On(fields.DateOfBirth, today) < options.Value.MinimumAge)
            return new RegistrationOutcome.TooYoung(options.Value.MinimumAge);
        if (!await states.IsEligibleAsync(fields.State, today, ct))
            return new RegistrationOutcome.StateNotEligible();
        if (await TakenAsync(fields, ct) is { } taken)
            return taken;

        string hash;
        using (var turn = await hashing.TryEnterAsync(ct))
        {
            if (turn is null)
                return new RegistrationOutcome.Busy();
            hash = await turn.HashAsync(fields.Password);
        }

        return await StoreAsync(fields, hash, today, ct);
    }

    private static Fields? Read(Registration sent, DateOnly today, List<InvalidField> problems)
    {
        var email = EmailAddress.TryParse(sent.Email, out var parsed) ? parsed : null;
        if (email is null)
            problems.Add(new InvalidField("email", "A valid e-mail address is required."));
        var passwordProblems = PasswordPolicy.Problems(sent.Password ?? "", email).Select(text => new InvalidField("password", text));
        problems.AddRange(sent.Password is null ? [new InvalidField("password", "A password is required.")] : passwordProblems);
        if (sent.DateOfBirth is not { } born || born < EarliestBirth || born > today)
            problems.Add(new InvalidField("dateOfBirth", "A date of birth in the past is required, as YYYY-MM-DD."));
        var state = sent.State?.Trim().ToUpperInvariant() ?? "";
        if (!UsStates.Codes.Contains(state))
            problems.Add(new InvalidField("state", "A two-letter US state code is required."));
        var profile = sent.Profile?.Read("profile.", problems);
        return problems.Count > 0 ? null : new Fields(email!, sent.Password!, sent.DateOfBirth!.Value, state, profile);
    }

    private async Task<RegistrationOutcome?> TakenAsync(Fields fields, CancellationToken ct)
    {
        if (await db.Set<User>().AnyAsync(u => u.NormalizedEmail == fields.Email.Normalized, ct))
            return new RegistrationOutcome.EmailTaken();
        var name = fields.Profile?.DisplayName.Normalized;
        return name is not null && await db.Set<Profile>().AnyAsync(p => p.NormalizedDisplayName == name, ct) ? new RegistrationOutcome.DisplayNameTaken() : null;
    }

    private async Task<RegistrationOutcome> StoreAsync(Fields fields, string hash, DateOnly today, CancellationToken ct)
    {
        var now = clock.Now();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var user = User.Register(fields.Email, hash, fields.DateOfBirth, fields.State, now);
        db.Add(user);
        if (fields.Profile is { } details)
            tiers.Begin(db.Add(Profile.Create(user.Id, details, fields.DateOfBirth, today, now)).Entity, today, now);
        links.Send(user, AccountTokenPurpose.EmailVerification, now);
        try
        {
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return new RegistrationOutcome.Registered(user.Id);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            // Somebody took the address or the name between the look and the insert.
            await transaction.RollbackAsync(ct);
            db.ChangeTracker.Clear();
            return await TakenAsync(fields, ct) ?? throw new InvalidOperationException("A registration violated a unique key that is neither address nor name.", e);
        }
    }

    private sealed record Fields(EmailAddress Email, string Password, DateOnly DateOfBirth, string State, ProfileDetails? Profile);
}
