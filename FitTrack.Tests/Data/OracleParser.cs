using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FitTrack.Tests.Fixtures;

namespace FitTrack.Tests.Data;

/// <summary>Parses Oracle SQL without Oracle, with the npm package that <c>oracle-parser/package.json</c> pins.</summary>
public sealed class OracleParser : IDisposable
{
    private static readonly NodeTool Tool = new(Path.Combine(Repository.Root, "FitTrack.Tests", "Data", "oracle-parser"), "oracle-parser");
    private Process? _node;

    /// <summary>The errors of each statement. A set of statements that parsed before is not parsed again: it takes many seconds.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> ErrorsAsync(IReadOnlyList<string> statements, CancellationToken ct)
    {
        await Tool.InstallAsync(ct);
        var input = JsonSerializer.Serialize(statements);
        var parsed = Path.Combine(Tool.Folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(input))) + ".parsed");
        if (File.Exists(parsed))
            return [.. statements.Select(_ => Array.Empty<string>())];

        _node ??= Tool.Start("node", "parse.mjs");
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
}
