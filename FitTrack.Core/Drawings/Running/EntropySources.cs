using System.Security.Cryptography;
using FitTrack.Core.Drawings.Protocol;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Drawings.Running;

/// <summary>A round of a public beacon; hex throughout.</summary>
/// <param name="Randomness">SHA-256 of the signature.</param>
public sealed record BeaconRound(long Round, string Randomness, string Signature);

/// <summary>What the beacon's mirrors say together.</summary>
public abstract record BeaconAnswer
{
    private BeaconAnswer()
    {
    }

    public sealed record Found(BeaconRound Round) : BeaconAnswer;

    /// <param name="Reason">For administrators.</param>
    public sealed record Missing(string Reason) : BeaconAnswer;
}

/// <summary>Reads the public beacon of `drand` drawings.</summary>
public interface IBeacon
{
    /// <summary>False when no mirror is configured: no round will ever come.</summary>
    bool IsConfigured { get; }

    /// <summary>The round, agreed on by two mirrors of exactly this chain, or why it cannot be had now.</summary>
    Task<BeaconAnswer> FindAsync(string chainHash, long round, CancellationToken ct);
}

/// <summary>Chooses and freezes where a drawing's chance comes from (FTDRAW-1, step 1).</summary>
public sealed class EntropySources(DrawingSecrets secrets, IBeacon beacon, IHostEnvironment environment, IOptions<DrawingOptions> options)
{
    private bool AllowsCommit => options.Value.AllowCommit ?? !environment.IsProduction();

    /// <summary>What a drawing uses when the administrator does not say: the beacon where one can be reached.</summary>
    public EntropyKind Default => beacon.IsConfigured || !AllowsCommit ? EntropyKind.Drand : EntropyKind.Commit;

    public DrawingProblem? Problem(EntropyKind kind) => kind switch
    {
        EntropyKind.Commit when !AllowsCommit => new DrawingProblem("entropy", "Committed seeds are too weak here (Drawings:AllowCommit is not set); use drand"),
        EntropyKind.Drand when !beacon.IsConfigured => new DrawingProblem("entropy", "No public beacon is configured (Drawings:Beacon:Mirrors)"),
        _ => null,
    };

    internal EntropySource Freeze(Drawing drawing)
    {
        if (drawing.Entropy == EntropyKind.Drand)
            return new EntropySource(options.Value.Beacon.ChainHash, options.Value.Beacon.RoundAtOrAfter(drawing.DrawAt), null, null);

        var seed = RandomNumberGenerator.GetBytes(DrawSeed.ServerSeedLength);
        return new EntropySource(null, null, Convert.ToHexStringLower(SHA256.HashData(seed)), secrets.SealSeed(seed));
    }
}
