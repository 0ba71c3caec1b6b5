using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using FitTrack.Worker.Drawings.Verification;

namespace FitTrack.Worker.Commands;

/// <summary>
/// <c>verify-drawing</c>: recomputes a drawing from its published bundle, without a database. Exit code 0 valid, 2 recomputed but not
/// independent, 1 invalid or unreadable.
/// </summary>
internal static class VerifyDrawingCommand
{
    private const string KeysPath = "/.well-known/draw-keys.json";

    public static Command Create()
    {
        var source = new Argument<string>("source") { Description = "The bundle: a file, or the address of /api/v1/drawings/{id}/proof." };
        var keys = new Option<string?>("--keys") { Description = $"The published keys: a file or an address. Of a bundle read from an address, {KeysPath} there if not given." };
        var roots = new Option<string?>("--tsa-roots") { Description = "A PEM file of the certificates that time-stamp authorities must descend from, instead of those that this system trusts." };
        var command = new Command("verify-drawing", "Recompute a drawing from its published bundle.") { source, keys, roots };
        command.SetAction((parsed, ct) => RunAsync(parsed.GetRequiredValue(source), parsed.GetValue(keys), parsed.GetValue(roots), parsed.InvocationConfiguration.Output, ct));
        return command;
    }

    private static async Task<int> RunAsync(string source, string? keys, string? roots, TextWriter output, CancellationToken ct)
    {
        keys ??= IsAddress(source, out var address) ? new Uri(address, KeysPath).ToString() : null;
        Verdict verdict;
        try
        {
            using var bundle = await ReadAsync(source, ct);
            using var published = keys is null ? null : await ReadAsync(keys, ct);
            verdict = DrawingVerifier.Verify(bundle.RootElement, published?.RootElement, RootsOf(roots));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException or JsonException or CryptographicException)
        {
            await output.WriteLineAsync($"invalid: bundle\n  it cannot be read: {e.Message}");
            return (int)Outcome.Invalid;
        }

        foreach (var finding in verdict.Findings)
            await output.WriteLineAsync($"ok  {finding}");
        await output.WriteLineAsync(verdict.Summary);
        foreach (var reason in verdict.Reasons)
            await output.WriteLineAsync($"  {reason}");
        return (int)verdict.Outcome;
    }

    private static X509Certificate2Collection? RootsOf(string? file)
    {
        if (file is null) return null;
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(file);
        return roots;
    }

    private static async Task<JsonDocument> ReadAsync(string source, CancellationToken ct)
    {
        if (!IsAddress(source, out var address))
        {
            await using var file = File.OpenRead(source);
            return await JsonDocument.ParseAsync(file, cancellationToken: ct);
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        await using var stream = await client.GetStreamAsync(address, ct);
        return await JsonDocument.ParseAsync(stream, cancellationToken: ct);
    }

    private static bool IsAddress(string source, out Uri address) =>
        Uri.TryCreate(source, UriKind.Absolute, out address!) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}
