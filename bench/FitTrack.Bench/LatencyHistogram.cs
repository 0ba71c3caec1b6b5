using System.Numerics;

namespace FitTrack.Bench;

/// <summary>Latencies in microseconds, kept in log-linear buckets (32 to each power of two, so within about 3 %).</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private readonly long[] _counts = new long[64 << SubBits];

    public long Count { get; private set; }

    public void Add(long microseconds)
    {
        _counts[Index(Math.Max(0, microseconds))]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
    }

    /// <summary>The latency in milliseconds that the share <paramref name="quantile"/> (0..1) of all answers did not exceed.</summary>
    public double Milliseconds(double quantile)
    {
        var rank = (long)Math.Ceiling(quantile * Count);
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank && seen > 0)
                return Upper(i) / 1000.0;
        }

        return 0;
    }

    private static int Index(long value)
    {
        if (value < 1 << SubBits)
            return (int)value;
        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return ((shift + 1) << SubBits) + (int)((value >> shift) - (1 << SubBits));
    }

    private static long Upper(int index)
    {
        var shift = (index >> SubBits) - 1;
        return shift < 0 ? index : (((long)(index & ((1 << SubBits) - 1)) + (1 << SubBits) + 1) << shift) - 1;
    }
}
