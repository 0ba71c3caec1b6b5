using FitTrack.Core.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Leaderboards;

/// <summary>How many members each tier has; counted at most once a minute, by the one who asks first.</summary>
public sealed class TierSizes(IServiceScopeFactory scopes, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Task<IReadOnlyList<(TierCode Tier, int Members)>>? _counting;
    private DateTimeOffset _countedAt;

    /// <summary>All 31 tiers, in their order, with the number of active members.</summary>
    public Task<IReadOnlyList<(TierCode Tier, int Members)>> CountAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_counting is null || _counting.IsFaulted || now - _countedAt >= Fresh)
                (_counting, _countedAt) = (ReadAsync(), now);
            return _counting.WaitAsync(ct);
        }
    }

    private async Task<IReadOnlyList<(TierCode Tier, int Members)>> ReadAsync()
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<MemberDirectory>().CountByTierAsync(CancellationToken.None);
    }
}
