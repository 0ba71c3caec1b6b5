using FitTrack.Core.Accounts;
using Xunit;

namespace FitTrack.Tests.Unit.Accounts;

public sealed class NamesAndPasswordsTests
{
    [Theory]
    [InlineData("Runner@Example.COM", "runner@example.com")]
    [InlineData("  a.b+c@example.co.uk ", "a.b+c@example.co.uk")]
    [InlineData("a@Bücher.example", "a@xn--bcher-kva.example")]
    public void Email_WhenValid_IsNormalized(string text, string normalized) => Assert.Equal(normalized, EmailAddress.Normalize(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no-at.example.com")]
    [InlineData("@example.com")]
    [InlineData("a@")]
    [InlineData("a@b")]
    [InlineData("a b@example.com")]
    [InlineData("a..b@example.com")]
    [InlineData("a@example.com\r\nBcc: x@example.com")]
    [InlineData("аdmin@example.com")] // a Cyrillic letter
    [InlineData("a@exa_mple.com")]
    [InlineData("\"quoted\"@example.com")]
    [InlineData("a@b@example.com")]
    public void Email_WhenInvalid_IsRefused(string? text) => Assert.Null(EmailAddress.Normalize(text));

    [Fact]
    public void Email_WhenLongerThanSmtpCarries_IsRefused()
    {
        Assert.Null(EmailAddress.Normalize(new string('a', 65) + "@example.com"));
        Assert.Null(EmailAddress.Normalize("a@" + string.Concat(Enumerable.Repeat("abcdefghi.", 26)) + "com"));
    }

    [Theory]
    [InlineData("Early Runner", "earlyrunner")]
    [InlineData("  Early   Runner ", "earlyrunner")]
    [InlineData("Éarly_Runner", "earlyrunner")]
    [InlineData("EARLY-RUNNER", "earlyrunner")]
    [InlineData("Eаrly Runner", "earlyrunner")] // a Cyrillic letter
    [InlineData("Early\u00A0Runner", "earlyrunner")]
    [InlineData("Ｅarly Runner", "earlyrunner")] // a full-width letter
    [InlineData("Ear1y Runner", "earlyrunner")]
    public void DisplayName_WhenItLooksLikeAnother_IsTheSame(string text, string normalized)
    {
        Assert.True(DisplayName.TryParse(text, out var name));
        Assert.Equal(normalized, name.Normalized);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ab")]
    [InlineData("...")]
    [InlineData("<b>bold</b>")]
    [InlineData("line\nbreak")]
    [InlineData("right\u202Eleft")]
    [InlineData("zero\u200Bwidth")]
    [InlineData("nul\0nul")]
    [InlineData("This name is far too long to be shown")]
    [InlineData("broken \uD800 pair")]
    public void DisplayName_WhenUnfit_IsRefused(string? text) => Assert.False(DisplayName.TryParse(text, out _));

    [Theory]
    [InlineData("Twelve-Miles-2026!", 0)]
    [InlineData("weak", 2)]
    [InlineData("alllowercase-2026!", 1)]
    [InlineData("NoDigitsInHere-At!", 1)]
    [InlineData("NoSymbolsInHere26", 1)]
    [InlineData("Runner.Joe-2026!X", 1)] // holds the address
    public void Password_WhenChecked_NamesEachProblem(string password, int problems)
    {
        Assert.True(EmailAddress.TryParse("runner.joe@example.com", out var email));
        Assert.Equal(problems, PasswordPolicy.Problems(password, email).Count());
    }

    [Fact]
    public void Password_WhenOverlong_IsRefused() => Assert.Contains(PasswordPolicy.Problems(new string('a', 300) + "A1!", null), p => p.Contains("at most", StringComparison.Ordinal));
}
