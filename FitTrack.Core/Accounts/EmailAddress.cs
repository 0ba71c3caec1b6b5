using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FitTrack.Core.Accounts;

/// <summary>
/// An e-mail address: <see cref="Text"/> as typed, without surrounding spaces, and <see cref="Normalized"/>, lower case with
/// the domain in its ASCII form, which decides whether two addresses are the same. Local parts outside ASCII are refused: too
/// many of their letters look alike.
/// </summary>
public sealed partial record EmailAddress
{
    /// <summary>The longest address SMTP can carry (RFC 5321, section 4.5.3.1.3, less the angle brackets).</summary>
    public const int MaxLength = 254;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    private EmailAddress(string text, string normalized) => (Text, Normalized) = (text, normalized);

    public string Text { get; }

    public string Normalized { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EmailAddress? address)
    {
        address = null;
        text = text?.Trim();
        if (text is null || text.Length > MaxLength || text.IndexOf('@', StringComparison.Ordinal) is var at && at < 1)
            return false;
        // IDN drops invisible characters from a domain; nobody types them.
        if (text.Any(c => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Control))
            return false;
        var local = text[..at];
        if (local.Length > 64 || !LocalPart().IsMatch(local))
            return false;
        if (AsciiDomain(text[(at + 1)..]) is not { } domain)
            return false;
        var normalized = $"{local}@{domain}".ToLowerInvariant();
        if (normalized.Length > MaxLength)
            return false;
        address = new EmailAddress(text, normalized);
        return true;
    }

    /// <summary>The address's normal form, or null when it is none.</summary>
    public static string? Normalize(string? text) => TryParse(text, out var address) ? address.Normalized : null;

    public override string ToString() => Normalized;

    private static string? AsciiDomain(string domain)
    {
        try
        {
            var ascii = Idn.GetAscii(domain);
            return Domain().IsMatch(ascii) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LocalPart();

    [GeneratedRegex(@"\A([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Domain();
}
