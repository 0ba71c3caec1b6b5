using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Http;

/// <summary>
/// Addresses that kept hammering and are refused altogether for a while. Whoever asks pays one comparison as long as there are none.
/// <see cref="LimitSharing"/> tells the other instances and hears from them.
/// </summary>
internal sealed class AddressBlocks(IOptions<RateLimitOptions> options)
{
    private readonly ConcurrentDictionary<Caller, long> _until = new();
    private readonly ConcurrentQueue<(Caller Address, long Until)> _news = new();
    private readonly int _after = options.Value.BlockAfterRefusals;
    private readonly long _seconds = options.Value.BlockMinutes * 60L;
    private volatile bool _any;

    /// <summary>Until when the address is refused, in seconds since 1970; null when it is not.</summary>
    public long? UntilFor(in Caller address, long unixSeconds)
    {
        if (!_any || !_until.TryGetValue(address, out var until))
            return null;
        if (until > unixSeconds)
            return until;
        _until.TryRemove(new KeyValuePair<Caller, long>(address, until));
        _any = !_until.IsEmpty;
        return null;
    }

    /// <summary>Blocks the address if it was refused often enough within a minute; returns until when, if so.</summary>
    public long? AfterRefusals(in Caller address, int refusals, long unixSeconds)
    {
        if (_after == 0 || refusals < _after)
            return null;
        var until = unixSeconds + _seconds;
        if (_until.TryAdd(address, until))
            _news.Enqueue((address, until));
        _any = true;
        return until;
    }

    /// <summary>Another instance blocked it.</summary>
    public void Learn(in Caller address, long until)
    {
        _until[address] = until;
        _any = true;
    }

    /// <summary>Forgets whose time is over, also those that never asked again.</summary>
    public void Forget(long unixSeconds)
    {
        foreach (var block in _until)
        {
            if (block.Value <= unixSeconds)
                _until.TryRemove(block);
        }

        _any = !_until.IsEmpty;
    }

    /// <summary>The next block that the others have not been told of.</summary>
    public bool TryTakeNews(out (Caller Address, long Until) news) => _news.TryDequeue(out news);

    /// <summary>It could not be told: later again.</summary>
    public void PutBack((Caller Address, long Until) news) => _news.Enqueue(news);
}
