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
    [InlineData("Admin")]
    [InlineData("Fit Track")]
    [InlineData("Suррort")] // two Cyrillic letters
    [InlineData("hidden_member")]
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

    /// <summary>All of them pass the rules of length and kinds of characters.</summary>
    [Theory]
    [InlineData("Password123!")]
    [InlineData("Password2026!")]
    [InlineData("P@ssw0rd1234")]
    [InlineData("P@$$w0rd2026")]
    [InlineData("Passw0rd!Passw0rd!")]
    [InlineData("Welcome12345!")]
    [InlineData("W3lcome@2026!")]
    [InlineData("Qwerty123456!")]
    [InlineData("Qwertyuiop1!")]
    [InlineData("QwertyQwerty1!")]
    [InlineData("1qaz!QAZ2wsx@WSX")]
    [InlineData("1Qaz2wsx3edc!")]
    [InlineData("!QAZ2wsx#EDC4rfv")]
    [InlineData("Zaq12wsxcde3!")]
    [InlineData("Q1w2e3r4t5y6!")]
    [InlineData("Asdfghjkl123!")]
    [InlineData("Iloveyou1234!")]
    [InlineData("I-Love-You-2026")]
    [InlineData("Letmein12345!")]
    [InlineData("Let.Me.In.2026")]
    [InlineData("Administrator1!")]
    [InlineData("Admin@123456")]
    [InlineData("@Dmin1234567!")]
    [InlineData("ChangeMe2026!")]
    [InlineData("Summer2026!!!")]
    [InlineData("December2026!")]
    [InlineData("WelcomeSummer1!")]
    [InlineData("Trustno1234!")]
    [InlineData("Superman2026!")]
    [InlineData("Football1234!")]
    [InlineData("Princess1234!")]
    [InlineData("Monkey123456!")]
    [InlineData("Dragon123456!")]
    [InlineData("Sunshine2026!")]
    [InlineData("Abc123456789!")]
    [InlineData("Aa123456789!")]
    [InlineData("FitTrack2026!")]
    [InlineData("FitTrack-Demo-2026!")]
    public void Password_WhenItIsACommonOneDressedUp_IsRefused(string password)
    {
        var problem = Assert.Single(PasswordPolicy.Problems(password, null));
        Assert.Contains("most common", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Twelve-Miles-2026!")]
    [InlineData("correct Horse battery 9 staple")]
    [InlineData("Tr0ubador&3-Quince")]
    [InlineData("x9K#2v$7Lq4&mZ6@")]
    [InlineData("Kk2!94817264058")]
    [InlineData("Ünser-Kürbis-reist-7mal")]
    [InlineData("Passwordless-Oak-Tunnel-41")]
    [InlineData("Summer-of-Seventeen-Herons-3")]
    public void Password_WhenNobodyElseWouldChooseIt_IsTaken(string password) => Assert.Empty(PasswordPolicy.Problems(password, null));

    [Theory]
    [InlineData("joe@example.com", "Joe-Mountain-2026!", false)]
    [InlineData("jo@example.com", "Jovial-Mountain-2026!", true)]
    [InlineData("jo@example.com", "Xy1!jo@EXAMPLE.com", false)]
    [InlineData("runner+fit@example.com", "My-Runner-2026-ok!", false)]
    public void Password_WhenItHoldsTheAddress_IsRefused(string address, string password, bool taken)
    {
        Assert.True(EmailAddress.TryParse(address, out var email));
        Assert.Equal(taken, !PasswordPolicy.Problems(password, email).Any());
    }

    [Fact]
    public void Password_WhenOverlong_IsRefused() => Assert.Contains(PasswordPolicy.Problems(new string('a', 300) + "A1!", null), p => p.Contains("at most", StringComparison.Ordinal));
}
