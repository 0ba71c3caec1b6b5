namespace FitTrack.Core.Notifications;

/// <summary>A mail as a sender takes it. Header values hold no line breaks (<see cref="MailLayout"/> sees to it).</summary>
/// <param name="Id">Of the outbox message: a receiver that gets it twice can tell by the Message-ID.</param>
public sealed record EmailMessage(Guid Id, string To, string Subject, string Text, string Html);

/// <summary>How handing over a mail ended.</summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    public sealed record Sent : SendOutcome;

    /// <summary>It may work later.</summary>
    /// <param name="Reason">For the log and the outbox; without addresses.</param>
    public sealed record TryLater(string Reason) : SendOutcome;

    /// <summary>It will never work.</summary>
    /// <param name="Reason">For the log and the outbox; without addresses.</param>
    public sealed record Rejected(string Reason) : SendOutcome;
}

/// <summary>Hands mails to whatever delivers them.</summary>
public interface IEmailSender
{
    /// <summary>Expected failures are answers; what is thrown counts as <see cref="SendOutcome.TryLater"/>.</summary>
    Task<SendOutcome> SendAsync(EmailMessage message, CancellationToken ct);
}
