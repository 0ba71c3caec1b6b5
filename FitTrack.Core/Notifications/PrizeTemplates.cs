using System.Globalization;
using FitTrack.Core.Fulfillments;
using Microsoft.AspNetCore.DataProtection;
using static FitTrack.Core.Notifications.MailLayout;

namespace FitTrack.Core.Notifications;

/// <summary>Mails about a prize on its way: to its winner, and to administrators who have to do something about it.</summary>
internal sealed class PrizeTemplates(Func<string, string> link, IDataProtectionProvider protection)
{
    public MailContent Won(DrawingWonMail mail)
    {
        var (url, proof, until) = (Prize(mail.FulfillmentId), link(MailTemplates.Verification(mail.DrawingId)), At(mail.RespondBy));
        var how = mail.IsAlternate ? "You were drawn as an alternate, and whoever was drawn before you did not take it." : "You were drawn as the winner.";
        return Compose(
            $"You won: {mail.PrizeName}",
            $"""
            Congratulations! In the drawing "{mail.DrawingName}" you won prize {mail.Rank}: {mail.PrizeName}. {how}

            Tell us where to send it by {until}; after that it goes to the next in line:
            {url}

            How the winners were drawn can be recomputed by anyone:
            {proof}
            """,
            $"""
            <p>Congratulations! In the drawing <b>{mail.DrawingName}</b> you won prize {mail.Rank}: <b>{mail.PrizeName}</b>. {how}</p>
            <p>Tell us where to send it by {until}; after that it goes to the next in line.</p>
            <p><a class="button" href="{url}">Give my address</a></p>
            <p>How the winners were drawn <a href="{proof}">can be recomputed by anyone</a>.</p>
            """);
    }

    public MailContent Delivered(PrizeDeliveredMail mail)
    {
        var (url, proof) = (Prize(mail.FulfillmentId), link(MailTemplates.Verification(mail.DrawingId)));
        var code = protection.CreateProtector(FulfillmentSecrets.CodePurpose).Unprotect(mail.SealedCode);
        return Compose(
            $"You won: {mail.PrizeName}",
            $"""
            Congratulations! In the drawing "{mail.DrawingName}" you won prize {mail.Rank}: {mail.PrizeName}.

            Your code: {code}
            Keep it to yourself; it also stands with your prizes:
            {url}

            How the winners were drawn can be recomputed by anyone:
            {proof}
            """,
            $"""
            <p>Congratulations! In the drawing <b>{mail.DrawingName}</b> you won prize {mail.Rank}: <b>{mail.PrizeName}</b>.</p>
            <p>Your code: <code>{code}</code></p>
            <p>Keep it to yourself; it also stands <a href="{url}">with your prizes</a>.</p>
            <p>How the winners were drawn <a href="{proof}">can be recomputed by anyone</a>.</p>
            """);
    }

    public MailContent Reminder(PrizeReminderMail mail)
    {
        var (url, until) = (Prize(mail.FulfillmentId), At(mail.RespondBy));
        return Compose(
            $"Your prize is waiting: {mail.PrizeName}",
            $"""
            You won {mail.PrizeName} in the drawing "{mail.DrawingName}", but we do not know yet where to send it.

            Give us an address by {until}; after that it goes to the next in line:
            {url}
            """,
            $"""
            <p>You won <b>{mail.PrizeName}</b> in the drawing <b>{mail.DrawingName}</b>, but we do not know yet where to send it.</p>
            <p>Give us an address by {until}; after that it goes to the next in line.</p>
            <p><a class="button" href="{url}">Give my address</a></p>
            """);
    }

    public MailContent Shipped(PrizeShippedMail mail)
    {
        var url = link("prizes");
        var tracking = mail.TrackingNumber is null ? "" : $" with {mail.Carrier ?? "the carrier"}, tracking number {mail.TrackingNumber}";
        return Compose(
            $"On its way: {mail.PrizeName}",
            $"""
            Your prize of the drawing "{mail.DrawingName}", {mail.PrizeName}, is on its way{tracking}.
            {url}
            """,
            $"""
            <p>Your prize of the drawing <b>{mail.DrawingName}</b>, <b>{mail.PrizeName}</b>, is on its way{tracking}.</p>
            <p><a class="button" href="{url}">See my prizes</a></p>
            """);
    }

    public MailContent Arrived(PrizeArrivedMail mail)
    {
        var url = link("prizes");
        return Compose(
            $"Delivered: {mail.PrizeName}",
            $"""
            Your prize of the drawing "{mail.DrawingName}", {mail.PrizeName}, has been delivered. Enjoy it!

            Where it was sent, and how:
            {url}
            """,
            $"""
            <p>Your prize of the drawing <b>{mail.DrawingName}</b>, <b>{mail.PrizeName}</b>, has been delivered. Enjoy it!</p>
            <p>Where it was sent, and how, stands <a href="{url}">with your prizes</a>.</p>
            """);
    }

    public MailContent Forfeited(PrizeForfeitedMail mail)
    {
        var url = link($"drawings/{mail.DrawingId}/rules");
        return Compose(
            $"Your prize has lapsed: {mail.PrizeName}",
            $"""
            Your prize of the drawing "{mail.DrawingName}", {mail.PrizeName}, is no longer yours. The reason: {mail.Reason}.

            What happens to it now stands in the official rules:
            {url}
            """,
            $"""
            <p>Your prize of the drawing <b>{mail.DrawingName}</b>, <b>{mail.PrizeName}</b>, is no longer yours. The reason: {mail.Reason}.</p>
            <p>What happens to it now stands in <a href="{url}">the official rules</a>.</p>
            """);
    }

    public MailContent ToShip(PrizeToShipMail mail)
    {
        var url = Queue(mail.FulfillmentId);
        return Compose(
            $"To be shipped: {mail.PrizeName}",
            $"""
            The winner of {mail.PrizeName} in the drawing "{mail.DrawingName}" has given an address. Please ship it:
            {url}
            """,
            $"""
            <p>The winner of <b>{mail.PrizeName}</b> in the drawing <b>{mail.DrawingName}</b> has given an address.</p>
            <p><a class="button" href="{url}">Ship it</a></p>
            """);
    }

    public MailContent Returned(PrizeReturnedMail mail)
    {
        var url = Queue(mail.FulfillmentId);
        return Compose(
            $"Back to its sponsor: {mail.PrizeName}",
            $"""
            {mail.PrizeName} of the drawing "{mail.DrawingName}" goes back to its sponsor. Why stands here:
            {url}
            """,
            $"""
            <p><b>{mail.PrizeName}</b> of the drawing <b>{mail.DrawingName}</b> goes back to its sponsor.</p>
            <p><a class="button" href="{url}">See why</a></p>
            """);
    }

    public MailContent Value(PrizeValueMail mail)
    {
        var (url, value, threshold) = (link("admin/drawings"), Dollars(mail.ValueCents), Dollars(mail.ThresholdCents));
        return Compose(
            $"Prizes of {mail.Year}: {value} of {threshold}",
            $"""
            With the drawing "{mail.DrawingName}" the prizes of {mail.Year} are worth {value}. From {threshold} some states want sweepstakes registered before they begin.

            Please decide with your counsel whether to register or to promise less:
            {url}
            """,
            $"""
            <p>With the drawing <b>{mail.DrawingName}</b> the prizes of {mail.Year} are worth <b>{value}</b>. From {threshold} some states want sweepstakes registered before they begin.</p>
            <p>Please decide with your counsel whether to register or to promise less.</p>
            <p><a class="button" href="{url}">See the drawings</a></p>
            """);
    }

    private static string Dollars(long cents) => string.Create(CultureInfo.InvariantCulture, $"${cents / 100m:N2}");

    private string Prize(Guid fulfillmentId) => link($"prizes/{fulfillmentId}");

    private string Queue(Guid fulfillmentId) => link($"admin/fulfillments/{fulfillmentId}");
}
