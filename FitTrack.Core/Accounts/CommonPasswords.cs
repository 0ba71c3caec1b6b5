using System.Collections.Frozen;
using System.Text;

namespace FitTrack.Core.Accounts;

/// <summary>
/// Recognises the passwords that are tried first: a well-known word, one or two of them, dressed up with capitals, digits and symbols until it
/// passes the other rules (Password123!, P@ssw0rd2026!, QwertyQwerty1!), and walks over the keyboard (1qaz!QAZ2wsx@WSX).
/// </summary>
/// <remarks>NIST SP 800-63B, section 5.1.1.2, asks for the comparison; the words are bundled as <c>common-passwords.txt</c>.</remarks>
internal static class CommonPasswords
{
    /// <summary>Shorter words are part of too many others to be taken as one half of a password.</summary>
    private const int ShortestHalf = 3;

    private const string LookAlikes = "@a4a3e1i0o$s5s7t+t8b9g";
    private const string Shifted = "!1@2#3$4%5^6&7*8(9)0_-+=";

    /// <summary>Key columns and rows as they are walked, both ways; a password made of pieces of them is a walk.</summary>
    private static readonly string[] Walks =
        ["1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/", "1234567890-=", "q1w2e3r4t5y6u7i8o9p0", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"];

    private static readonly FrozenSet<string> Words = Load();

    private static readonly FrozenSet<string> Steps = StepsOf(Walks);

    public static bool Contains(string password)
    {
        var core = Core(password);
        return Words.Contains(core) || IsTwoWords(core) || IsWalk(password);
    }

    /// <summary>The word inside: lower case, digits and symbols at both ends taken away, those within read as the letters they stand for.</summary>
    internal static string Core(string password)
    {
        var text = password.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        // Signs that stand for letters may open a word (@dmin) but end it less often than they follow it (hello1!).
        var begin = 0;
        while (begin < text.Length && !char.IsLetter(text[begin]) && text[begin] is not ('@' or '$'))
            begin++;
        var end = text.Length;
        while (end > begin && !char.IsLetter(text[end - 1]))
            end--;
        var core = new StringBuilder(end - begin);
        foreach (var c in text.AsSpan(begin, end - begin))
        {
            var letter = char.IsLetter(c) ? c : Read(LookAlikes, c);
            if (char.IsLetter(letter))
                core.Append(letter);
        }

        return core.ToString();
    }

    private static bool IsTwoWords(string core)
    {
        for (var i = ShortestHalf; i <= core.Length - ShortestHalf; i++)
        {
            if (Words.Contains(core[..i]) && Words.Contains(core[i..]))
                return true;
        }

        return false;
    }

    /// <summary>Almost every step goes to the key beside, or back to a row or column's end.</summary>
    private static bool IsWalk(string password)
    {
        var keys = string.Concat(password.Select(c => Read(Shifted, char.ToLowerInvariant(c))));
        var breaks = 0;
        for (var i = 1; i < keys.Length; i++)
        {
            if (!Steps.Contains(keys[(i - 1)..(i + 1)]))
                breaks++;
        }

        return breaks * 4 <= keys.Length;
    }

    private static char Read(string pairs, char c)
    {
        for (var i = 0; i < pairs.Length; i += 2)
        {
            if (pairs[i] == c)
                return pairs[i + 1];
        }

        return c;
    }

    private static FrozenSet<string> StepsOf(IEnumerable<string> walks)
    {
        var steps = new HashSet<string>(StringComparer.Ordinal);
        foreach (var walk in walks)
        {
            for (var i = 1; i < walk.Length; i++)
            {
                steps.Add(walk[(i - 1)..(i + 1)]);
                steps.Add($"{walk[i]}{walk[i - 1]}");
            }

            foreach (var key in walk)
                steps.Add($"{key}{key}");
        }

        return steps.ToFrozenSet(StringComparer.Ordinal);
    }

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("FitTrack.Core.Accounts.common-passwords.txt")
            ?? throw new InvalidOperationException("The list of common passwords is not in the assembly.");
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith('#'));
        return lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToFrozenSet(StringComparer.Ordinal);
    }
}
