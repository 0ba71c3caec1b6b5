namespace FitTrack.Core.Accounts;

/// <summary>What a password must be (domain section 1).</summary>
public static class PasswordPolicy
{
    public const int MinLength = 12;

    /// <summary>Longer than anybody types; bcrypt's own limit of 72 bytes is handled by <see cref="Bcrypt"/>, so that every character counts.</summary>
    public const int MaxLength = 200;

    /// <summary>Each requirement that a password does not meet, as a sentence for its owner; none when it is good.</summary>
    public static IEnumerable<string> Problems(string password, EmailAddress? email)
    {
        if (password.Length < MinLength)
            yield return $"Password must have at least {MinLength} characters.";
        if (password.Length > MaxLength)
            yield return $"Password must have at most {MaxLength} characters.";
        if (!password.Any(char.IsUpper) || !password.Any(char.IsLower) || !password.Any(char.IsDigit) || !password.Any(IsSymbol))
            yield return "Password must contain an upper-case letter, a lower-case letter, a digit and a symbol.";
        if (password.Contains('\0', StringComparison.Ordinal))
            yield return "Password must not contain a zero byte.";
        if (!WellFormed.Is(password))
        {
            yield return "Password must be text.";
            yield break;
        }

        if (email is not null && Contains(password, email))
            yield return "Password must not contain the e-mail address.";
        if (password == DemoAccounts.Password || CommonPasswords.Contains(password))
            yield return "Password is one of the most common ones, only dressed up. Choose words that nobody else would.";
    }

    private static bool IsSymbol(char c) => !char.IsLetterOrDigit(c) && !char.IsControl(c);

    /// <summary>The address, the part before the @, or that without its tag (runner+fit); a part of one or two letters is in too many words.</summary>
    private static bool Contains(string password, EmailAddress email)
    {
        var local = email.Normalized[..email.Normalized.IndexOf('@', StringComparison.Ordinal)];
        var person = local.Split('+')[0];
        return new[] { email.Normalized, local, person }.Any(part => part.Length >= 3 && password.Contains(part, StringComparison.OrdinalIgnoreCase));
    }
}
