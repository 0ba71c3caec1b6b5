using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;

namespace FitTrack.Core.Drawings.Running;

/// <summary>Asks a time-stamp authority over HTTP for a token over a manifest (RFC 3161, 3.4).</summary>
public sealed partial class TimestampAuthority(HttpClient http, IOptions<DrawingOptions> options, ILogger<TimestampAuthority> logger)
{
    private const int NonceLength = 8;

    public bool IsConfigured => options.Value.TimestampAuthority is not null;

    public static void Configure(HttpClient http) => http.MaxResponseContentBufferSize = DrawingProof.MaxTimestampToken;

    /// <summary>A token over the hash that was signed before <paramref name="before"/>; null, and a line in the log, when none is to be had now.</summary>
    /// <param name="manifestHash">SHA-256 in hex.</param>
    public async Task<byte[]?> StampAsync(string manifestHash, DateTimeOffset before, CancellationToken patience, CancellationToken ct)
    {
        var hash = Convert.FromHexString(manifestHash);
        var request = Rfc3161TimestampRequest.CreateFromHash(hash, HashAlgorithmName.SHA256, nonce: RandomNumberGenerator.GetBytes(NonceLength), requestSignerCertificates: true);
        try
        {
            using var content = new ByteArrayContent(request.Encode());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/timestamp-query");
            using var response = await http.PostAsync(options.Value.TimestampAuthority, content, patience);
            if (response.IsSuccessStatusCode) return Read(request, hash, before, await response.Content.ReadAsByteArrayAsync(patience));
            LogMissing(logger, manifestHash, $"status {(int)response.StatusCode}");
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or ExecutionRejectedException or IOException or OperationCanceledException)
        {
            LogMissing(logger, manifestHash, e.GetType().Name);
        }
        catch (CryptographicException e)
        {
            LogMissing(logger, manifestHash, e.Message);
        }

        return null;
    }

    /// <summary>The token of an answer that grants exactly what was asked for.</summary>
    private static byte[] Read(Rfc3161TimestampRequest request, byte[] hash, DateTimeOffset before, byte[] answer)
    {
        var token = request.ProcessResponse(answer, out _);
        if (!token.VerifySignatureForHash(hash, HashAlgorithmName.SHA256, out _)) throw new CryptographicException("its signature does not verify");
        if (token.TokenInfo.Timestamp >= before) throw new CryptographicException("its time is not before the draw");
        return token.AsSignedCms().Encode();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The time-stamp authority gave no token over manifest {ManifestHash}: {Reason}. It is asked again until the draw, which does not wait for it.")]
    private static partial void LogMissing(ILogger logger, string manifestHash, string reason);
}
