using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace FitTrack.Api.Accounts;

/// <summary>The public halves of the keys that sign access tokens.</summary>
public interface IJwtKeys
{
    /// <summary>
    /// The RSA key of at least 2048 bits with this id, retired ones included. Asked in every signed-in request: from memory, without
    /// waiting. The key is shared; callers do not dispose it.
    /// </summary>
    bool TryGet(string kid, [NotNullWhen(true)] out RSA? key);

    /// <summary>Whether every token that the key ever signed has expired: it only tells that a token is old, and opens nothing.</summary>
    bool IsRetired(string kid) => false;

    /// <summary>
    /// Called for an id that <see cref="TryGet"/> does not know: another instance may have made a key a moment ago. Looks into the database, but
    /// not more than once in a few seconds, since anybody can send made-up ids.
    /// </summary>
    ValueTask ReloadAsync(CancellationToken ct);
}

/// <summary>Sessions (claim <c>sid</c>) that were signed out while their access tokens are still within their lifetime.</summary>
public interface IRevokedSessions
{
    /// <summary>Asked in every signed-in request: from memory, without waiting.</summary>
    bool Contains(Guid sessionId);
}

internal sealed class NoRevokedSessions : IRevokedSessions
{
    public bool Contains(Guid sessionId) => false;
}
