using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using FitTrack.Api.Http;
using FitTrack.Core.Accounts;
using QRCoder;

namespace FitTrack.Api.Accounts;

/// <param name="CurrentPassword">Proves that it is not only a session that asks.</param>
/// <param name="NewPassword">12 or more characters with upper and lower case, a digit and a symbol.</param>
[SchemaExample("""{"currentPassword":"Twelve-Miles-2026!","newPassword":"Thirteen-Miles-2027!"}""")]
public sealed record ChangePasswordRequest([Required] string? CurrentPassword, [Required] string? NewPassword);

/// <summary>A sign-in that lasts.</summary>
/// <param name="Device">In words, such as "Firefox on Windows".</param>
/// <param name="LastUsedAt">When it last got new tokens.</param>
/// <param name="ExpiresAt">When it ends unless it gets new tokens before.</param>
/// <param name="IsCurrent">The session of this request.</param>
public sealed record SessionItem(Guid Id, string Device, string? IpAddress, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, bool IsCurrent)
{
    internal static Expression<Func<SessionView, SessionItem>> Of(Guid current) =>
        s => new SessionItem(s.Id, DeviceName.Of(s.UserAgent), s.IpAddress, s.CreatedAt, s.LastUsedAt, s.ExpiresAt, s.Id == current);
}

/// <summary>The first step sends the password, the second a code of the new secret.</summary>
/// <param name="Password">Begins: the answer holds a secret.</param>
/// <param name="Code">Six digits; switches two-factor sign-in on.</param>
[SchemaExample("""{"password":"Twelve-Miles-2026!"}""")]
public sealed record TwoFactorRequest(string? Password, string? Code);

/// <param name="TwoFactorCode">Six digits of the authenticator, or a recovery code.</param>
[SchemaExample("""{"twoFactorCode":"123456"}""")]
public sealed record TwoFactorOffRequest([Required] string? TwoFactorCode);

/// <summary>Two-factor sign-in; members are null where they do not belong to the step.</summary>
/// <param name="Enabled">Whether signing in needs a code.</param>
/// <param name="Secret">base32, for an authenticator that cannot read the picture.</param>
/// <param name="KeyUri">What the picture says: <c>otpauth://totp/...</c></param>
/// <param name="QrCode">The same as an SVG picture.</param>
/// <param name="RecoveryCodes">Ten codes that work once each in place of the authenticator; told this one time.</param>
/// <param name="RecoveryCodesLeft">How many were not used yet.</param>
public sealed record TwoFactorResponse(
    bool Enabled, DateTimeOffset? EnabledAt = null, string? Secret = null, string? KeyUri = null, string? QrCode = null, IReadOnlyList<string>? RecoveryCodes = null, int? RecoveryCodesLeft = null)
{
    internal static TwoFactorResponse Of(TwoFactorState state) => new(state.Enabled, state.EnabledAt, RecoveryCodesLeft: state.RecoveryCodesLeft);

    internal static TwoFactorResponse Of(TwoFactorOutcome.Started started) => new(Enabled: false, Secret: started.Secret, KeyUri: started.Uri, QrCode: Picture(started.Uri));

    internal static TwoFactorResponse Of(TwoFactorOutcome.Enabled enabled) => new(Enabled: true, RecoveryCodes: enabled.RecoveryCodes, RecoveryCodesLeft: enabled.RecoveryCodes.Count);

    private static string Picture(string uri)
    {
        using var data = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(data);
        return svg.GetGraphic(pixelsPerModule: 4);
    }
}

/// <summary>Spending limit, pause and exclusion as in force.</summary>
public sealed record LimitsResponse(
    int? WeeklySpendingLimit, int? PendingSpendingLimit, DateTimeOffset? PendingFrom, DateTimeOffset? CoolOffUntil, bool SelfExcluded, DateTimeOffset? SelfExcludedUntil)
{
    internal static LimitsResponse Of(LimitsView l) => new(l.WeeklySpendingLimit, l.PendingSpendingLimit, l.PendingFrom, l.CoolOffUntil, l.SelfExcluded, l.SelfExcludedUntil);
}

/// <param name="WeeklySpendingLimit">Points a week for tickets; null for none. A lower one holds at once, a higher one after a day.</param>
/// <param name="CoolOffUntil">Takes a pause; null leaves it as it is. It cannot be shortened.</param>
/// <param name="SelfExclusion">Excludes from drawings; null leaves it as it is. It cannot be shortened.</param>
[SchemaExample("""{"weeklySpendingLimit":2000,"coolOffUntil":null,"selfExclusion":null}""")]
public sealed record LimitsRequest(int? WeeklySpendingLimit, DateTimeOffset? CoolOffUntil, SelfExclusionRequest? SelfExclusion);

/// <param name="Until">Null excludes for good.</param>
public sealed record SelfExclusionRequest(DateTimeOffset? Until);
