using System.Collections.Concurrent;

namespace FitTrack.Core.Drawings.Entering;

/// <summary>Values by id, each for a short time; too many of them, and it starts afresh.</summary>
internal sealed class BriefCache<T>(TimeProvider clock, TimeSpan kept)
{
    private const int MostEntries = 20_000;

    private readonly ConcurrentDictionary<Guid, (T Value, long Since)> _entries = new();

    public bool TryGet(Guid id, out T value)
    {
        var found = _entries.TryGetValue(id, out var entry) && clock.GetElapsedTime(entry.Since) < kept;
        value = entry.Value;
        return found;
    }

    public void Keep(Guid id, T value)
    {
        if (_entries.Count >= MostEntries) _entries.Clear();
        _entries[id] = (value, clock.GetTimestamp());
    }

    /// <summary>A message of the bus: the key is an id.</summary>
    public void Forget(string key)
    {
        if (Guid.TryParse(key, out var id)) _entries.TryRemove(id, out _);
    }

    public void Clear() => _entries.Clear();
}
