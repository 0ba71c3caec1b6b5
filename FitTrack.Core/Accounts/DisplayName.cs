using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace FitTrack.Core.Accounts;

/// <summary>
/// A public name: 3 to 30 letters, digits, spaces and <c>. _ - '</c>. Two names that a reader would take for one another
/// (case, accents, spacing, Cyrillic and Greek letters or digits that look Latin) have the same <see cref="Normalized"/> form.
/// </summary>
public sealed record DisplayName
{
    public const int MinLength = 3;
    public const int MaxLength = 30;

    /// <summary>Compatibility forms of one character can be several (U+FDFA becomes 18, and is refused as too long).</summary>
    public const int MaxNormalizedLength = 60;

    /// <summary>The most common of Unicode's confusables (UTS 39), onto lower-case Latin.</summary>
    private static readonly FrozenDictionary<char, char> LooksLike =
        "аa вb сc еe нh іi јj кk мm оo рp ԛq ѕs тt уy хx ԁd ԝw αa βb εe ηn ιi κk νv οo ρp τt υu χx γy 0o 1l |l 5s ıi ƒf ɡg ℓl"
            .Split(' ').ToFrozenDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>Normalized names that would speak for FitTrack, or for members who hide theirs.</summary>
    private static readonly FrozenSet<string> Reserved =
        new[] { "admin", "administrator", "moderator", "support", "system", "staff", "FitTrack", "FitTrack Support", "FitTrack Team", "Hidden member", "Deleted member" }
            .Select(Skeleton).ToFrozenSet(StringComparer.Ordinal);

    private DisplayName(string text, string normalized) => (Text, Normalized) = (text, normalized);

    public string Text { get; }

    public string Normalized { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out DisplayName? name)
    {
        name = null;
        if (text is null || text.Length > 4 * MaxLength || !WellFormed.Is(text))
            return false;
        text = string.Join(' ', text.Normalize(NormalizationForm.FormKC).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (text.Length is < MinLength or > MaxLength || !text.All(IsAllowed))
            return false;
        var normalized = Skeleton(text);
        if (normalized.Length is 0 or > MaxNormalizedLength || Reserved.Contains(normalized))
            return false;
        name = new DisplayName(text, normalized);
        return true;
    }

    public override string ToString() => Text;

    private static bool IsAllowed(char c) => char.IsLetterOrDigit(c) || c is ' ' or '.' or '_' or '-' or '\''
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark;

    private static string Skeleton(string text)
    {
        var skeleton = new StringBuilder(text.Length);
        foreach (var c in text.ToLowerInvariant().Normalize(NormalizationForm.FormKD))
        {
            if (char.IsLetterOrDigit(c) || c == '|')
                skeleton.Append(LooksLike.GetValueOrDefault(c, c));
        }

        return skeleton.ToString();
    }
}

/// <summary>Text without halves of surrogate pairs, which JSON can carry and Unicode's normal forms cannot.</summary>
internal static class WellFormed
{
    public static bool Is(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[++i])))
                return false;
        }

        return true;
    }
}
