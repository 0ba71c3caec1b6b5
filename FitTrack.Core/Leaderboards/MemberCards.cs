using System.Collections.Concurrent;
using FitTrack.Core.Accounts;
using FitTrack.Core.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Leaderboards;

/// <summary>
/// Names and tiers of members, kept in memory for five minutes at most and dropped when the bus tells that a member
/// changed, so that a board that is rebuilt many times a minute asks only for those it does not know yet.
/// </summary>
public sealed class MemberCards : IDisposable
{
    private readonly ConcurrentDictionary<Guid, Kept> _cards = new();
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;
    private readonly LeaderboardOptions _options;
    private readonly IDisposable _subscription;
    private long _version;

    public MemberCards(IServiceScopeFactory scopes, IMessageBus bus, TimeProvider clock, IOptions<LeaderboardOptions> options)
    {
        (_scopes, _clock, _options) = (scopes, clock, options.Value);
        _subscription = bus.Subscribe(BusTopics.Member, Changed, Clear);
    }

    /// <summary>The member's card; null without a profile.</summary>
    public ValueTask<MemberCard?> FindAsync(Guid member, CancellationToken ct) =>
        _cards.TryGetValue(member, out var kept) && kept.Until > _clock.GetUtcNow() ? new(kept.Card) : new(LoadOneAsync(member, ct));

    /// <summary>The cards of several members, those without a profile left out.</summary>
    public async Task<Dictionary<Guid, MemberCard>> FindAsync(IReadOnlyCollection<Guid> members, CancellationToken ct)
    {
        var now = _clock.GetUtcNow();
        var found = new Dictionary<Guid, MemberCard>(members.Count);
        var unknown = new List<Guid>();
        foreach (var member in members)
        {
            if (!_cards.TryGetValue(member, out var kept) || kept.Until <= now)
                unknown.Add(member);
            else if (kept.Card is not null)
                found.Add(member, kept.Card);
        }

        if (unknown.Count > 0)
        {
            foreach (var (member, card) in await LoadAsync(unknown, ct))
                found[member] = card;
        }

        return found;
    }

    public void Dispose() => _subscription.Dispose();

    private async Task<MemberCard?> LoadOneAsync(Guid member, CancellationToken ct) => (await LoadAsync([member], ct)).GetValueOrDefault(member);

    private async Task<Dictionary<Guid, MemberCard>> LoadAsync(List<Guid> members, CancellationToken ct)
    {
        var version = Volatile.Read(ref _version);
        await using var scope = _scopes.CreateAsyncScope();
        var loaded = await scope.ServiceProvider.GetRequiredService<MemberDirectory>().CardsAsync(members, ct);
        // Somebody changed meanwhile: what was read may be from before, so it is used once and not kept.
        if (version != Volatile.Read(ref _version))
            return loaded;
        if (_cards.Count + members.Count > _options.MostNames)
            _cards.Clear();
        var until = _clock.GetUtcNow() + _options.CacheTime;
        foreach (var member in members)
            _cards[member] = new Kept(loaded.GetValueOrDefault(member), until);
        return loaded;
    }

    private void Changed(string member)
    {
        Interlocked.Increment(ref _version);
        if (Guid.TryParse(member, out var id))
            _cards.TryRemove(id, out _);
        else
            _cards.Clear();
    }

    private void Clear() => Changed("");

    private sealed record Kept(MemberCard? Card, DateTimeOffset Until);
}
