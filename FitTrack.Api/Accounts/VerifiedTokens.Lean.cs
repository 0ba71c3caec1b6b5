using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace FitTrack.Api.Accounts;

/// <summary>
/// The tokens verified lately, so that a signature costs once and not with every request. Two generations bound it: when the young one is full
/// it becomes the old one, and what was not used since the last change is gone.
/// </summary>
internal sealed class VerifiedTokens(JwtOptions options)
{
    private readonly int _generation = options.RememberedTokens / 2;
    private ConcurrentDictionary<string, JwtValidation.VerifiedToken> _young = New();
    private ConcurrentDictionary<string, JwtValidation.VerifiedToken> _old = New();
    private int _count;

    public bool TryGet(string token, [NotNullWhen(true)] out JwtValidation.VerifiedToken? known)
    {
        if (Volatile.Read(ref _young).TryGetValue(token, out known))
            return true;
        if (!Volatile.Read(ref _old).TryGetValue(token, out known))
            return false;
        Remember(token, known);
        return true;
    }

    public void Remember(string token, JwtValidation.VerifiedToken verified)
    {
        if (_generation == 0 || !Volatile.Read(ref _young).TryAdd(token, verified) || Interlocked.Increment(ref _count) < _generation)
            return;
        Volatile.Write(ref _old, Interlocked.Exchange(ref _young, New()));
        Volatile.Write(ref _count, 0);
    }

    private static ConcurrentDictionary<string, JwtValidation.VerifiedToken> New() => new(EndOfToken.Instance);

    /// <summary>The signature at the end tells tokens apart; hashing it alone is a tenth of the work.</summary>
    private sealed class EndOfToken : IEqualityComparer<string>
    {
        public static readonly EndOfToken Instance = new();

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string token) => string.GetHashCode(token.AsSpan(Math.Max(0, token.Length - 48)), StringComparison.Ordinal);
    }
}
