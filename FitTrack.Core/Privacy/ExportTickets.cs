using System.Security.Cryptography;
using FitTrack.Core.Accounts;
using Microsoft.AspNetCore.DataProtection;

namespace FitTrack.Core.Privacy;

/// <summary>
/// A link to the export of an account that was just closed: its owner is signed out by then. It is sealed (AES-256-GCM), says nothing to
/// whoever reads it, and is good for a day: addresses end up in histories and logs.
/// </summary>
public sealed class ExportTickets(IDataProtectionProvider protection, ClosedAccounts accounts, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);


    private readonly IDataProtector _protector = protection.CreateProtector("FitTrack.Privacy.ExportTicket.v1");

    public string Issue(Guid userId) => _protector.Protect($"{userId:N}|{(clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds()}");

    /// <summary>Whose export it opens; null when it is none of ours, too old, or the account is erased.</summary>
    public async Task<Guid?> ReadAsync(string ticket, CancellationToken ct)
    {
        try
        {
            return _protector.Unprotect(ticket).Split('|') is [var id, var until] && clock.GetUtcNow().ToUnixTimeSeconds() < long.Parse(until, null)
                && Guid.Parse(id) is var userId && await accounts.IsKeptAsync(userId, ct) ? userId : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
