using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Data;

/// <summary>
/// Parses Oracle SQL without Oracle, with the npm package that <c>oracle-parser/package.json</c> pins. It is installed on
/// first use into <c>artifacts/</c>; where there is no Node or no registry, the test that asks is skipped and says so.
/// </summary>
public sealed class OracleParser : IDisposable
{
    private static readonly string Source = Path.Combine(Repository.Root, "FitTrack.Tests", "Data", "oracle-parser");
    private static readonly string Installed = Path.Combine(Repository.Root, "artifacts", "oracle-parser");
    private Process? _node;

    /// <summary>The errors of each statement. A set of statements that parsed before is not parsed again: it takes many seconds.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> ErrorsAsync(IReadOnlyList<string> statements, CancellationToken ct)
    {
        await InstallAsync(ct);
        var input = JsonSerializer.Serialize(statements);
        var parsed = Path.Combine(Installed, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(input))) + ".parsed");
        if (File.Exists(parsed))
            return [.. statements.Select(_ => Array.Empty<string>())];

        _node ??= Start("node", "parse.mjs");
        await _node.StandardInput.WriteLineAsync(input.AsMemory(), ct);
        await _node.StandardInput.FlushAsync(ct);
        var answer = await _node.StandardOutput.ReadLineAsync(ct) ?? throw new IOException($"The parser ended: {await _node.StandardError.ReadToEndAsync(ct)}");
        var errors = JsonSerializer.Deserialize<List<List<string>>>(answer)!;
        if (errors.TrueForAll(e => e.Count == 0))
            await File.WriteAllTextAsync(parsed, "", ct);
        return errors;
    }

    /// <summary>The end of its input ends the parser.</summary>
    public void Dispose()
    {
        _node?.StandardInput.Close();
        _node?.Dispose();
    }

    private static async Task InstallAsync(CancellationToken ct)
    {
        try
        {
            Directory.CreateDirectory(Installed);
            var wanted = await File.ReadAllTextAsync(Path.Combine(Source, "package-lock.json"), ct);
            var marker = Path.Combine(Installed, "installed-lock.json");
            var isInstalled = File.Exists(marker) && await File.ReadAllTextAsync(marker, ct) == wanted;
            foreach (var file in Directory.GetFiles(Source))
                File.Copy(file, Path.Combine(Installed, Path.GetFileName(file)), overwrite: true);
            if (isInstalled)
                return;
            await RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], ct);
            await File.WriteAllTextAsync(marker, wanted, ct);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            Assert.Skip($"The Oracle scripts were not parsed: {exception.Message}");
        }    }

    /// <exception cref="Win32Exception">The program is not there.</exception>
    /// <exception cref="IOException">It failed.</exception>
    private static async Task RunAsync(string program, string[] arguments, CancellationToken ct)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = await process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
            throw new IOException($"{program} {arguments[0]} failed: {error.Trim()} {await output}");
    }

    private static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = Installed,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    })!;
}
