using FitTrack.Core.Accounts;
using Microsoft.AspNetCore.DataProtection;
using static FitTrack.Core.Notifications.MailLayout;

namespace FitTrack.Core.Notifications;

/// <summary>Mails about an account: links that act for its owner, and notices of what happened to it.</summary>
internal sealed class AccountTemplates(Func<string, string> link, IDataProtectionProvider protection)
{
    public MailContent VerifyEmail(LinkMail mail)
    {
        var (url, until) = (Link("verify-email", mail), At(mail.ExpiresAt));
        return Compose(
            "Verify your e-mail address",
            $"""
            Welcome to FitTrack.

            Please confirm that this is your e-mail address:
            {url}

            The link works once, until {until}. If you did not register, ignore this mail.
            """,
            $"""
            <p>Welcome to FitTrack.</p>
            <p>Please confirm that this is your e-mail address.</p>
            <p><a class="button" href="{url}">Verify my address</a></p>
            <p>The link works once, until {until}. If you did not register, ignore this mail.</p>
            """);
    }

    public MailContent ResetPassword(LinkMail mail)
    {
        var (url, until) = (Link("reset-password", mail), At(mail.ExpiresAt));
        return Compose(
            "Reset your password",
            $"""
            Somebody, probably you, asked for a new password for your FitTrack account. Choose one here:
            {url}

            The link works once, until {until}; using it signs you out everywhere. If it was not you, ignore this mail: your password stays as it is.
            """,
            $"""
            <p>Somebody, probably you, asked for a new password for your FitTrack account.</p>
            <p><a class="button" href="{url}">Choose a new password</a></p>
            <p>The link works once, until {until}; using it signs you out everywhere. If it was not you, ignore this mail: your password stays as it is.</p>
            """);
    }

    public MailContent LockedOut(LockedOutMail mail)
    {
        var (url, at) = (link("forgot-password"), At(mail.At));
        return Compose(
            "Signing in is paused",
            $"""
            On {at} there had been too many failed attempts to sign in to your FitTrack account, so signing in is paused for a while. Who is signed in stays so.

            If it was you and you forgot your password, choose a new one:
            {url}

            If it was not you, nobody got in. A second factor keeps it that way.
            """,
            $"""
            <p>On {at} there had been too many failed attempts to sign in to your FitTrack account, so signing in is paused for a while. Who is signed in stays so.</p>
            <p>If it was you and you forgot your password:</p>
            <p><a class="button" href="{url}">Choose a new password</a></p>
            <p>If it was not you, nobody got in. A second factor keeps it that way.</p>
            """);
    }

    public MailContent NewDevice(NewDeviceMail mail)
    {
        var (url, at, from) = (link("settings/security"), At(mail.At), mail.IpAddress ?? "an unknown address");
        return Compose(
            "A new device signed in",
            $"""
            Your FitTrack account was signed in to from a device it did not know: {mail.Device}, from {from}, on {at}.

            If it was you, there is nothing to do. If not, end that session and change your password:
            {url}
            """,
            $"""
            <p>Your FitTrack account was signed in to from a device it did not know: <b>{mail.Device}</b>, from {from}, on {at}.</p>
            <p>If it was you, there is nothing to do. If not, end that session and change your password:</p>
            <p><a class="button" href="{url}">See my sessions</a></p>
            """);
    }

    public MailContent SecurityChanged(SecurityChangedMail mail)
    {
        var what = mail.Change switch
        {
            SecurityChange.PasswordChanged => "The password of your account was changed",
            SecurityChange.TwoFactorEnabled => "Two-factor sign-in was switched on",
            _ => "Two-factor sign-in was switched off",
        };
        var (url, at) = (link("forgot-password"), At(mail.At));
        return Compose(
            what,
            $"""
            {what}, on {at}.

            If it was not you, choose a new password now; it signs everybody out:
            {url}
            """,
            $"""
            <p>{what}, on {at}.</p>
            <p>If it was not you, choose a new password now; it signs everybody out.</p>
            <p><a class="button" href="{url}">Choose a new password</a></p>
            """);
    }

    private string Link(string page, LinkMail mail)
    {
        var token = protection.CreateProtector(AccountLinks.ProtectionPurpose).Unprotect(mail.ProtectedToken);
        return link($"{page}?token={Uri.EscapeDataString(token)}");
    }
}
