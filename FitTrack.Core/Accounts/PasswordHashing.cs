using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Accounts;

/// <summary>
/// bcrypt for everybody, on a bounded number of threads: half the cores hash, a bounded number of callers wait, the rest are
/// turned away at once. Without the bound, a storm of sign-ins would take every core and every request with it.
/// Identity hashes through it as well, on the thread that calls, which must hold a turn.
/// </summary>
public sealed class PasswordHashing : IPasswordHasher<User>, IDisposable
{
    private readonly int _cost;
    private readonly int _mostInside;
    private readonly SemaphoreSlim _slots;

    /// <summary>A hash of nothing, for addresses without an account: they must take as long as the others.</summary>
    private readonly Lazy<string> _decoy;

    private int _inside;

    public PasswordHashing(IOptions<AccountsOptions> options)
    {
        var settings = options.Value.PasswordHashing;
        var concurrency = settings.Concurrency > 0 ? settings.Concurrency : Math.Max(1, Environment.ProcessorCount / 2);
        _cost = settings.Cost;
        _mostInside = concurrency * (1 + settings.QueuePerSlot);
        _slots = new SemaphoreSlim(concurrency, concurrency);
        _decoy = new Lazy<string>(() => Bcrypt.Hash(Guid.NewGuid().ToString(), _cost));
    }

    /// <summary>Waits for a turn; null when too many wait already. Dispose the turn to let the next one in.</summary>
    public async Task<Turn?> TryEnterAsync(CancellationToken ct)
    {
        if (Interlocked.Increment(ref _inside) > _mostInside)
        {
            Interlocked.Decrement(ref _inside);
            return null;
        }

        try
        {
            await _slots.WaitAsync(ct);
        }
        catch
        {
            Interlocked.Decrement(ref _inside);
            throw;
        }

        return new Turn(this);
    }

    public void Dispose() => _slots.Dispose();

    string IPasswordHasher<User>.HashPassword(User user, string password) => Bcrypt.Hash(password, _cost);

    PasswordVerificationResult IPasswordHasher<User>.VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
    {
        if (!Bcrypt.Verify(providedPassword, hashedPassword))
            return PasswordVerificationResult.Failed;
        return Bcrypt.CostOf(hashedPassword) == _cost ? PasswordVerificationResult.Success : PasswordVerificationResult.SuccessRehashNeeded;
    }

    /// <summary>The right to hash, one password at a time.</summary>
    public sealed class Turn : IDisposable
    {
        private readonly PasswordHashing _owner;
        private bool _left;

        internal Turn(PasswordHashing owner) => _owner = owner;

        public Task<string> HashAsync(string password) => Task.Run(() => Bcrypt.Hash(password, _owner._cost));

        /// <summary>Whether the password belongs to the hash. What is not right takes as long for a null hash, and for one of a lower cost.</summary>
        public async Task<bool> VerifyAsync(string password, string? hash)
        {
            var matches = await Task.Run(() => Bcrypt.Verify(password, hash ?? _owner._decoy.Value));
            if (!matches && Bcrypt.CostOf(hash) is { } cost)
                await Task.Run(() => Add(cost));
            return matches && hash is not null;
        }

        /// <summary>The work of a cost is twice that of the one below it, so what is missing is one hash of each cost in between, and one more of the first.</summary>
        private void Add(int cost)
        {
            for (; cost < _owner._cost; cost++)
                Bcrypt.Hash("", cost);
        }

        /// <summary>Whether a hash was made with another cost than the one configured now.</summary>
        public bool IsOutdated(string hash) => Bcrypt.CostOf(hash) != _owner._cost;

        public void Dispose()
        {
            if (_left)
                return;
            _left = true;
            _owner._slots.Release();
            Interlocked.Decrement(ref _owner._inside);
        }
    }
}
