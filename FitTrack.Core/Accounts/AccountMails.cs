using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>A mail that somebody without a session asks for by address.</summary>
public enum AccountMail
{
    VerificationLink,
    ResetLink,
    LockoutNotice,
}

/// <summary>
/// Mails to an address of which the asker must not learn whether it has an account. The request only leaves a note in the outbox, with the same
/// statements for every address; the Worker looks who it belongs to. So neither the answer nor its time tells.
/// </summary>
public sealed class AccountMails(FitTrackDbContext db, AccountLinks links, Outbox outbox, IDataProtectionProvider protection, TimeProvider clock) : IDeferredWork
{
    internal const string WorkType = "account_mail";

    private readonly IDataProtector _addresses = protection.CreateProtector("FitTrack.Accounts.AccountMail");

    public string Type => WorkType;

    /// <summary>Asks for a mail; a second time within a minute changes nothing.</summary>
    public async Task RequestAsync(AccountMail mail, string? email, CancellationToken ct)
    {
        if (EmailAddress.Normalize(email) is not { } address)
            return;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        Enqueue(mail, address);
        try
        {
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            // Asked for a moment ago.
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>Sends what was asked for, if the address has an account that it fits.</summary>
    public async Task<SendOutcome> RunAsync(string payload, CancellationToken ct)
    {
        var request = JsonSerializer.Deserialize<Request>(payload, JsonSerializerOptions.Web) ?? throw new JsonException("The payload is empty.");
        var address = _addresses.Unprotect(request.ProtectedAddress);
        var now = clock.Now();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var user = await db.Set<User>().SingleOrDefaultAsync(u => u.NormalizedEmail == address && (u.Status == UserStatus.Active || u.Status == UserStatus.Pending), ct);
        if (user is null)
            return new SendOutcome.Sent();
        switch (request.Mail)
        {
            case AccountMail.LockoutNotice:
                outbox.Enqueue(MailTypes.LockedOut, user.Id, new LockedOutMail(request.AskedAt), $"{MailTypes.LockedOut}:{user.Id}:{Minute(request.AskedAt)}");
                break;
            case AccountMail.VerificationLink when user.Status == UserStatus.Pending && !await links.WasSentLatelyAsync(user.Id, AccountTokenPurpose.EmailVerification, ct):
                links.Send(user, AccountTokenPurpose.EmailVerification, now);
                break;
            case AccountMail.ResetLink when !await links.WasSentLatelyAsync(user.Id, AccountTokenPurpose.PasswordReset, ct):
                links.Send(user, AccountTokenPurpose.PasswordReset, now);
                break;
        }

        try
        {
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            // Done before, by a process that died before it said so.
        }

        return new SendOutcome.Sent();
    }

    /// <summary>Adds the note to the context; the caller saves, and may find that there is one of this minute already.</summary>
    private void Enqueue(AccountMail mail, string address)
    {
        var now = clock.Now();
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)));
        outbox.Enqueue(WorkType, userId: null, new Request(mail, _addresses.Protect(address), now), $"{WorkType}:{Naming.Snake(mail.ToString())}:{key}:{Minute(now)}");
    }

    private static long Minute(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerMinute;

    private sealed record Request(AccountMail Mail, string ProtectedAddress, DateTimeOffset AskedAt);
}
