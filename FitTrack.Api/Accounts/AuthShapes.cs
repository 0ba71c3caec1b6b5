using System.ComponentModel.DataAnnotations;
using FitTrack.Api.Http;
using FitTrack.Core.Accounts;

namespace FitTrack.Api.Accounts;

/// <param name="Email">The address to sign in with; a verification mail goes there.</param>
/// <param name="Password">12 or more characters with upper and lower case, a digit and a symbol.</param>
/// <param name="DateOfBirth">18 or older.</param>
/// <param name="State">Two-letter code of the US state of residence.</param>
/// <param name="Profile">May follow later with PUT /users/me/profile; nothing scores before.</param>
[SchemaExample("""{"email":"runner@example.com","password":"Twelve-Miles-2026!","dateOfBirth":"1990-04-12","state":"TX","profile":{"displayName":"Early Runner","biologicalSex":"female","fitnessLevel":"intermediate"}}""")]
public sealed record RegisterRequest(
    [Required] string? Email,
    [Required] string? Password,
    [Required] DateOnly? DateOfBirth,
    [Required] string? State,
    ProfileRequest? Profile);

/// <param name="DisplayName">3 to 30 characters, unique, shown to everybody.</param>
/// <param name="BiologicalSex">Not given means the OPEN tier.</param>
/// <param name="FitnessLevel">Chooses the tier and its multiplier.</param>
/// <param name="TimeZone">IANA name, for display.</param>
/// <param name="OpenTierOptIn">Competes in OPEN whatever the rest says.</param>
/// <param name="Visibility">Hidden members stand on boards without their name.</param>
/// <param name="Shown">Parts of the public profile; what is not named is shown, without it nothing changes.</param>
[SchemaExample("""{"displayName":"Early Runner","biologicalSex":"female","fitnessLevel":"intermediate","timeZone":"America/Chicago","openTierOptIn":false,"visibility":"public"}""")]
public sealed record ProfileRequest(
    [Required] string? DisplayName,
    BiologicalSex? BiologicalSex,
    [Required] FitnessLevel? FitnessLevel,
    string? TimeZone,
    bool? OpenTierOptIn,
    ProfileVisibility? Visibility,
    ProfileParts? Shown = null)
{
    internal ProfileInput ToInput() => new(DisplayName, BiologicalSex, FitnessLevel, TimeZone, OpenTierOptIn ?? false, Visibility ?? ProfileVisibility.Public, Shown);
}

/// <summary>The new account, and that a mail is on its way.</summary>
public sealed record RegisteredResponse(
    Guid Id, string Email, UserRole Role, UserStatus Status, bool EmailVerified, DateTimeOffset CreatedAt, AccountProfile Profile, string Message);

public sealed record TokenRequest([Required] string? Token);

public sealed record EmailRequest([Required] string? Email);

/// <param name="Token">Of the mailed link.</param>
/// <param name="NewPassword">12 or more characters with upper and lower case, a digit and a symbol.</param>
public sealed record ResetPasswordRequest([Required] string? Token, [Required] string? NewPassword);

public sealed record MessageResponse(string Message);

/// <param name="Next">Where the front end leads next: the page that completes the profile.</param>
public sealed record VerifiedResponse(string Message, string Next);

/// <param name="Email">The address.</param>
/// <param name="Password">The password.</param>
/// <param name="TwoFactorCode">Where two-factor sign-in is on: six digits of the authenticator, or a recovery code.</param>
[SchemaExample("""{"email":"runner@example.com","password":"Twelve-Miles-2026!"}""")]
public sealed record LoginRequest([Required] string? Email, [Required] string? Password, string? TwoFactorCode);

/// <param name="RefreshToken">May be left out where the cookie of the sign-in is sent.</param>
public sealed record RefreshRequest(string? RefreshToken);

/// <param name="AccessToken">JWT, RS256; see /.well-known/jwks.json.</param>
/// <param name="RefreshToken">Opaque; used once.</param>
/// <param name="TokenType">Always Bearer.</param>
/// <param name="ExpiresIn">Seconds until the access token expires.</param>
/// <param name="RefreshExpiresIn">Seconds until the refresh token expires.</param>
public sealed record TokenResponse(string AccessToken, string RefreshToken, string TokenType, int ExpiresIn, int RefreshExpiresIn);

/// <summary>The public keys of access tokens (RFC 7517).</summary>
public sealed record JsonWebKeySet(IReadOnlyList<PublicJwk> Keys);
