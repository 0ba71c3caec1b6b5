using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace FitTrack.Core.Data;

/// <summary>One numbered script of <c>Data/Schema</c>; <paramref name="Text"/> has LF line ends and no byte order mark.</summary>
internal sealed record SchemaScript(string Name, string Text)
{
    /// <summary>SHA-256 of the text in lower-case hex, the same whatever line ends a checkout has.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    public static SchemaScript Create(string name, string text) =>
        new(name, text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'));

    /// <summary>The scripts built into this assembly, in the order of their numbers.</summary>
    public static IReadOnlyList<SchemaScript> Embedded(DatabaseProvider provider)
    {
        var assembly = typeof(SchemaScript).Assembly;
        var prefix = $"FitTrack.Core.Data.Schema.{Naming.Snake(provider.ToString())}.";
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => Create(name[prefix.Length..], Read(assembly, name)))
            .OrderBy(script => script.Name, StringComparer.Ordinal)];
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// The statements in order: one ends with <c>;</c> at the end of a line, a PL/SQL block with a line <c>/</c> (a function or trigger of
    /// PostgreSQL, whose scripts run whole, with a line <c>-- /</c>).
    /// Comment lines between statements are dropped; a plain statement loses its semicolon, a block keeps its own.
    /// </summary>
    /// <exception cref="InvalidOperationException">The last statement has no end.</exception>
    public IReadOnlyList<string> Statements()
    {
        var statements = new List<string>();
        var lines = new List<string>();
        foreach (var line in Text.Split('\n').Select(l => l.TrimEnd()))
        {
            var isRemark = line.TrimStart().StartsWith("--", StringComparison.Ordinal);
            if (lines.Count == 0 && (line.Length == 0 || isRemark))
                continue;
            var isBlock = StartsBlock(lines.Count == 0 ? line : lines[0]);
            if (isBlock ? line is "/" or "-- /" : line.EndsWith(';') && !isRemark)
            {
                if (!isBlock)
                    lines.Add(line[..^1]);
                statements.Add(string.Join('\n', lines));
                lines.Clear();
            }
            else
            {
                lines.Add(line);
            }
        }

        return lines.Count == 0 ? statements : throw new InvalidOperationException($"Script {Name} ends inside a statement: {lines[0]}");
    }

    private static bool StartsBlock(string firstLine)
    {
        var words = firstLine.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(["OR", "REPLACE"]).Take(2).ToArray();
        return words is ["DECLARE", ..] or ["BEGIN", ..] or ["CREATE", "FUNCTION" or "PROCEDURE" or "TRIGGER" or "PACKAGE" or "TYPE"];
    }
}
