using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using static FitTrack.Core.Notifications.MailLayout;

namespace FitTrack.Core.Notifications;

/// <summary>Makes mails from payloads, as text and as HTML.</summary>
public sealed class MailTemplates(IOptions<MailOptions> options, IDataProtectionProvider protection)
{
    private readonly AccountTemplates _accounts = new(options.Value.Link, protection);
    private readonly PrizeTemplates _prizes = new(options.Value.Link, protection);

    /// <summary>Null when there is no template of this type.</summary>
    /// <exception cref="JsonException">The payload is not what the template expects.</exception>
    internal MailContent? Render(string type, string payload) => type switch
    {
        MailTypes.VerifyEmail => _accounts.VerifyEmail(Read<LinkMail>(payload)),
        MailTypes.ResetPassword => _accounts.ResetPassword(Read<LinkMail>(payload)),
        MailTypes.LockedOut => _accounts.LockedOut(Read<LockedOutMail>(payload)),
        MailTypes.NewDevice => _accounts.NewDevice(Read<NewDeviceMail>(payload)),
        MailTypes.SecurityChanged => _accounts.SecurityChanged(Read<SecurityChangedMail>(payload)),
        MailTypes.DrawingWon => _prizes.Won(Read<DrawingWonMail>(payload)),
        MailTypes.DrawingClosed => DrawingClosed(Read<DrawingClosedMail>(payload)),
        MailTypes.DrawingCompleted => DrawingCompleted(Read<DrawingCompletedMail>(payload)),
        MailTypes.PrizeDelivered => _prizes.Delivered(Read<PrizeDeliveredMail>(payload)),
        MailTypes.PrizeReminder => _prizes.Reminder(Read<PrizeReminderMail>(payload)),
        MailTypes.PrizeShipped => _prizes.Shipped(Read<PrizeShippedMail>(payload)),
        MailTypes.PrizeArrived => _prizes.Arrived(Read<PrizeArrivedMail>(payload)),
        MailTypes.PrizeForfeited => _prizes.Forfeited(Read<PrizeForfeitedMail>(payload)),
        MailTypes.PrizeToShip => _prizes.ToShip(Read<PrizeToShipMail>(payload)),
        MailTypes.PrizeValue => _prizes.Value(Read<PrizeValueMail>(payload)),
        MailTypes.PrizeReturned => _prizes.Returned(Read<PrizeReturnedMail>(payload)),
        MailTypes.TrackerNeedsReconnect => TrackerNeedsReconnect(Read<TrackerNeedsReconnectMail>(payload)),
        _ => null,
    };

    /// <summary>The page that recomputes a drawing in the browser.</summary>
    internal static string Verification(Guid drawingId) => $"verify/?drawing={drawingId}";

    private static T Read<T>(string payload) => JsonSerializer.Deserialize<T>(payload, JsonSerializerOptions.Web) ?? throw new JsonException("The payload is empty.");

    private MailContent DrawingClosed(DrawingClosedMail mail)
    {
        var (proof, at) = (Proof(mail.DrawingId), At(mail.DrawAt));
        return Compose(
            $"Sales have closed: {mail.DrawingName}",
            $"""
            The drawing "{mail.DrawingName}" takes no more tickets and is drawn on {at}.

            It is bound to this list of tickets from now on:
            {mail.ManifestHash}
            Keep this mail: with it you can check later that nothing was changed.
            {proof}
            """,
            $"""
            <p>The drawing <b>{mail.DrawingName}</b> takes no more tickets and is drawn on {at}.</p>
            <p>It is bound to this list of tickets from now on:<br><code>{mail.ManifestHash}</code></p>
            <p>Keep this mail: with it you can check later that <a href="{proof}">nothing was changed</a>.</p>
            """);
    }

    private MailContent DrawingCompleted(DrawingCompletedMail mail)
    {
        var proof = Proof(mail.DrawingId);
        var lines = string.Join('\n', mail.Winners.Select(w => $"{w.Rank}. {w.PrizeName}: {Name(w)}, ticket {w.TicketNumber}"));
        var items = Join(mail.Winners.Select(w => Html($"<li>{w.Rank}. {w.PrizeName}: <b>{Name(w)}</b>, ticket {w.TicketNumber}</li>")));
        return Compose(
            $"The winners of {mail.DrawingName}",
            $"""
            The drawing "{mail.DrawingName}" has been drawn from {mail.Tickets} tickets.

            {lines}

            Anyone can recompute it:
            {proof}
            """,
            $"""
            <p>The drawing <b>{mail.DrawingName}</b> has been drawn from {mail.Tickets} tickets.</p>
            <ul>{items}</ul>
            <p>Anyone can <a href="{proof}">recompute it</a>.</p>
            """);
    }

    private MailContent TrackerNeedsReconnect(TrackerNeedsReconnectMail mail)
    {
        var (link, provider, at) = (Link("trackers"), CultureInfo.InvariantCulture.TextInfo.ToTitleCase(mail.Provider.Replace('_', ' ')), At(mail.At));
        return Compose(
            $"Please reconnect {provider}",
            $"""
            Since {at} {provider} no longer lets FitTrack read your activities, so they earn no points. Sign in there once more:
            {link}

            What was synchronised before stays as it is.
            """,
            $"""
            <p>Since {at} <b>{provider}</b> no longer lets FitTrack read your activities, so they earn no points.</p>
            <p><a class="button" href="{link}">Connect it again</a></p>
            <p>What was synchronised before stays as it is.</p>
            """);
    }

    private static string Name(DrawingCompletedMail.Winner winner) => winner.DisplayName ?? "Hidden member";

    private string Proof(Guid drawingId) => Link(Verification(drawingId));

    private string Link(string path) => options.Value.Link(path);
}
