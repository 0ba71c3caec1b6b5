namespace FitTrack.Core.Notifications;

/// <summary>Outbox messages that are no mail but work which a request leaves to the Worker, so that its answer takes the same time whatever there is to do.</summary>
public interface IDeferredWork
{
    /// <summary>Of the messages it takes; none of <see cref="MailTypes"/>.</summary>
    string Type { get; }

    /// <summary>Does the work and saves it. It may be done again when the process dies before it is marked as done.</summary>
    /// <returns>Whether it is done; what is thrown counts as <see cref="SendOutcome.TryLater"/>.</returns>
    Task<SendOutcome> RunAsync(string payload, CancellationToken ct);
}
