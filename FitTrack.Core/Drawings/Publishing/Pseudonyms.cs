using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Protocol;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Publishing;

/// <summary>The salts, and from them the pseudonyms, of a drawing's entrants.</summary>
internal sealed class Pseudonyms
{
    private readonly byte[]? _serverSeed;
    private readonly Dictionary<Guid, byte[]> _salts;

    private Pseudonyms(byte[]? serverSeed, Dictionary<Guid, byte[]> salts) => (_serverSeed, _salts) = (serverSeed, salts);

    public byte[] Salt(Guid userId) => _serverSeed is null ? _salts[userId] : Pseudonym.CommittedSalt(_serverSeed, userId.ToString());

    public byte[] Of(Guid userId) => Pseudonym.Holder(Salt(userId), userId.ToString());

    /// <param name="among">Which entrants are asked about; null for all.</param>
    public static async Task<Pseudonyms> ReadAsync(FitTrackDbContext db, DrawingSecrets secrets, Guid drawingId, string? sealedSeed, IReadOnlyCollection<Guid>? among, CancellationToken ct)
    {
        if (sealedSeed is not null) return new Pseudonyms(secrets.OpenSeed(sealedSeed), []);

        var entrants = db.Set<DrawingEntrant>().AsNoTracking().Where(e => e.DrawingId == drawingId && e.Salt != null);
        if (among is not null) entrants = entrants.Where(e => among.Contains(e.UserId));
        return new Pseudonyms(null, await entrants.Select(e => new { e.UserId, e.Salt }).ToDictionaryAsync(e => e.UserId, e => e.Salt!, ct));
    }
}
