using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Running;

/// <summary>
/// Gets an RFC 3161 token for each published manifest whose draw is still to come (FTDRAW-1, step 2). A token of a later time would prove
/// nothing, so an authority that stays away is asked in every pass until then, and the drawing goes on without its token.
/// </summary>
public sealed class StampManifests(FitTrackDbContext db, TimestampAuthority authority, DrawingMetrics metrics, TimeProvider clock)
{
    private const int AtOnce = 50;

    /// <summary>For a whole pass, so that an authority that does not answer holds up no other drawing for longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>How many manifests got their token.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        if (!authority.IsConfigured) return 0;

        var now = clock.Now();
        var unstamped = await db.Set<DrawingProof>().Where(p => p.TimestampToken == null)
            .Join(db.Set<Drawing>().Where(d => d.Status == DrawingStatus.Closed && d.DrawAt > now), p => p.DrawingId, d => d.Id, (p, d) => new { d.Id, d.DrawAt, p.ManifestHash })
            .OrderBy(x => x.DrawAt).ThenBy(x => x.Id).Take(AtOnce).ToListAsync(ct);
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        var answers = await Task.WhenAll(unstamped.Select(async x => (x.Id, Token: await authority.StampAsync(x.ManifestHash, x.DrawAt, either.Token, ct))));

        var stamped = 0;
        foreach (var (id, token) in answers)
        {
            metrics.Stamped(token is not null);
            if (token is null) continue;
            stamped += await db.Set<DrawingProof>().Where(p => p.DrawingId == id && p.TimestampToken == null && p.DrawnAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.TimestampToken, token), ct);
        }

        return stamped;
    }
}
