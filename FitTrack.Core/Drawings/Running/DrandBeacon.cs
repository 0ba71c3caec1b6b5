using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;

namespace FitTrack.Core.Drawings.Running;

/// <summary>
/// Reads rounds of drand from the configured mirrors (<c>GET {mirror}/{chainHash}/public/{round}</c>). A round counts when at least two
/// mirrors give it and none that answers with a sound one differs: the hash alone does not tell another chain's beacon from ours.
/// </summary>
public sealed partial class DrandBeacon(HttpClient http, IOptions<DrawingOptions> options, TimeProvider clock, ILogger<DrandBeacon> logger) : IBeacon
{
    private const int MostBytes = 16 * 1024;

    /// <summary>A BLS12-381 signature has 48 bytes on G1, 96 on G2.</summary>
    private const int MostSignatureDigits = 192;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private IList<Uri> Mirrors => options.Value.Beacon.Mirrors;

    public bool IsConfigured => Mirrors.Count > 0;

    public static void Configure(HttpClient http) => http.MaxResponseContentBufferSize = MostBytes;

    public async Task<BeaconAnswer> FindAsync(string chainHash, long round, CancellationToken ct)
    {
        if (!IsConfigured) return new BeaconAnswer.Missing("No beacon configured");

        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        var answers = (await Task.WhenAll(Mirrors.Select(mirror => AskAsync(mirror, chainHash, round, either.Token, ct)))).OfType<BeaconRound>().ToList();
        return answers.Distinct().Count() switch
        {
            0 => new BeaconAnswer.Missing("The beacon's round is not there yet"),
            1 when answers.Count == 1 => new BeaconAnswer.Missing("Only one mirror has the beacon's round; two must agree"),
            1 => new BeaconAnswer.Found(answers[0]),
            _ => new BeaconAnswer.Missing("The beacon's mirrors contradict each other"),
        };
    }

    /// <summary>Null when the mirror has no sound answer.</summary>
    private async Task<BeaconRound?> AskAsync(Uri mirror, string chainHash, long round, CancellationToken patience, CancellationToken ct)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(string.Create(null, $"{mirror.AbsoluteUri.TrimEnd('/')}/{chainHash}/public/{round}")), patience);
            if (!response.IsSuccessStatusCode)
            {
                LogNoAnswer(logger, mirror.Host, round, $"status {(int)response.StatusCode}");
                return null;
            }

            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(patience));
            if (Read(body.RootElement, round) is { } sound)
            {
                LogAnswer(logger, mirror.Host, round);
                return sound;
            }

            LogUnsound(logger, mirror.Host, round);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or ExecutionRejectedException or IOException or OperationCanceledException)
        {
            LogNoAnswer(logger, mirror.Host, round, e.GetType().Name);
        }
        catch (JsonException)
        {
            LogUnsound(logger, mirror.Host, round);
        }

        return null;
    }

    /// <summary>The round asked for, whose randomness is the hash of its signature; null for anything else.</summary>
    private static BeaconRound? Read(JsonElement body, long round)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("round", out var number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt64(out var answered) || answered != round)
            return null;
        if (HexOf(body, "signature") is not { Length: > 0 and <= MostSignatureDigits } signature || HexOf(body, "randomness") is not { } randomness) return null;
        return Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(signature))) == randomness ? new BeaconRound(round, randomness, signature) : null;
    }

    private static string? HexOf(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit)
            ? text.ToLowerInvariant()
            : null;

    [LoggerMessage(Level = LogLevel.Debug, Message = "The beacon's mirror {Mirror} gave round {Round}.")]
    private static partial void LogAnswer(ILogger logger, string mirror, long round);

    [LoggerMessage(Level = LogLevel.Information, Message = "The beacon's mirror {Mirror} did not give round {Round}: {Reason}.")]
    private static partial void LogNoAnswer(ILogger logger, string mirror, long round, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The beacon's mirror {Mirror} answered for round {Round} with something that is no such round.")]
    private static partial void LogUnsound(ILogger logger, string mirror, long round);
}
