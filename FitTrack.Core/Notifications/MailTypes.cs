namespace FitTrack.Core.Notifications;

/// <summary>The mails that have a template; their payloads are the records below, or objects of the same shape.</summary>
public static class MailTypes
{
    /// <summary>Payload: <see cref="LinkMail"/>.</summary>
    public const string VerifyEmail = "verify_email";

    /// <summary>Payload: <see cref="LinkMail"/>.</summary>
    public const string ResetPassword = "reset_password";

    /// <summary>Payload: <see cref="LockedOutMail"/>.</summary>
    public const string LockedOut = "locked_out";

    /// <summary>Payload: <see cref="NewDeviceMail"/>.</summary>
    public const string NewDevice = "new_device";

    /// <summary>Payload: <see cref="SecurityChangedMail"/>.</summary>
    public const string SecurityChanged = "security_changed";

    /// <summary>Payload: <see cref="DrawingWonMail"/>.</summary>
    public const string DrawingWon = "drawing_won";

    /// <summary>To every participant, with what the draw is bound to. Payload: <see cref="DrawingClosedMail"/>.</summary>
    public const string DrawingClosed = "drawing_closed";

    /// <summary>To every participant. Payload: <see cref="DrawingCompletedMail"/>.</summary>
    public const string DrawingCompleted = "drawing_completed";

    /// <summary>To the winner of a digital prize, with the code. Payload: <see cref="PrizeDeliveredMail"/>.</summary>
    public const string PrizeDelivered = "prize_delivered";

    /// <summary>To a winner who has not answered. Payload: <see cref="PrizeReminderMail"/>.</summary>
    public const string PrizeReminder = "prize_reminder";

    /// <summary>To the winner of a physical prize. Payload: <see cref="PrizeArrivedMail"/>.</summary>
    public const string PrizeArrived = "prize_arrived";

    /// <summary>To the winner who loses it. Payload: <see cref="PrizeForfeitedMail"/>.</summary>
    public const string PrizeForfeited = "prize_forfeited";

    /// <summary>To administrators. Payload: <see cref="PrizeToShipMail"/>.</summary>
    public const string PrizeToShip = "prize_to_ship";

    /// <summary>To administrators. Payload: <see cref="PrizeReturnedMail"/>.</summary>
    public const string PrizeReturned = "prize_returned";

    /// <summary>To administrators. Payload: <see cref="PrizeValueMail"/>.</summary>
    public const string PrizeValue = "prize_value";

    /// <summary>Payload: <see cref="PrizeShippedMail"/>.</summary>
    public const string PrizeShipped = "prize_shipped";

    /// <summary>Payload: <see cref="TrackerNeedsReconnectMail"/>.</summary>
    public const string TrackerNeedsReconnect = "tracker_needs_reconnect";
}

/// <param name="ProtectedToken">The link's token, protected: it must not lie in the outbox in the clear.</param>
public sealed record LinkMail(string ProtectedToken, DateTimeOffset ExpiresAt);

/// <param name="Provider">Our name for it, such as <c>google_fit</c>.</param>
public sealed record TrackerNeedsReconnectMail(string Provider, DateTimeOffset At);

public sealed record LockedOutMail(DateTimeOffset At);

/// <param name="Device">In words: "Firefox on Windows".</param>
public sealed record NewDeviceMail(string Device, string? IpAddress, DateTimeOffset At);

public sealed record SecurityChangedMail(SecurityChange Change, DateTimeOffset At);

/// <summary>What changed in how a member signs in.</summary>
public enum SecurityChange
{
    PasswordChanged,
    TwoFactorEnabled,
    TwoFactorDisabled,
}

/// <param name="Rank">Of the prize, 1 for the first.</param>
/// <param name="RespondBy">When the prize goes to somebody else.</param>
/// <param name="IsAlternate">Drawn as an alternate, and now in the place of a winner who did not take the prize.</param>
public sealed record DrawingWonMail(Guid DrawingId, Guid FulfillmentId, string DrawingName, string PrizeName, int Rank, DateTimeOffset RespondBy, bool IsAlternate);

/// <param name="ManifestHash">Lower-case hex; what the draw is bound to from here on.</param>
public sealed record DrawingClosedMail(Guid DrawingId, string DrawingName, string ManifestHash, DateTimeOffset DrawAt);

public sealed record DrawingCompletedMail(Guid DrawingId, string DrawingName, long Tickets, IReadOnlyList<DrawingCompletedMail.Winner> Winners)
{
    /// <param name="DisplayName">Null for a member who hides.</param>
    public sealed record Winner(int Rank, string PrizeName, string? DisplayName, long TicketNumber);
}

/// <param name="SealedCode">Encrypted: it must not lie in the outbox in the clear.</param>
public sealed record PrizeDeliveredMail(Guid DrawingId, Guid FulfillmentId, string DrawingName, string PrizeName, int Rank, string SealedCode);

public sealed record PrizeReminderMail(Guid FulfillmentId, string DrawingName, string PrizeName, DateTimeOffset RespondBy);

public sealed record PrizeShippedMail(string DrawingName, string PrizeName, string? Carrier, string? TrackingNumber);

public sealed record PrizeArrivedMail(string DrawingName, string PrizeName);

public sealed record PrizeForfeitedMail(Guid DrawingId, string DrawingName, string PrizeName, string Reason);

public sealed record PrizeToShipMail(Guid FulfillmentId, string DrawingName, string PrizeName);

public sealed record PrizeReturnedMail(Guid FulfillmentId, string DrawingName, string PrizeName);

/// <param name="ValueCents">US cents that the year's prizes are worth now.</param>
/// <param name="ThresholdCents">US cents from which a state wants sweepstakes registered.</param>
/// <param name="DrawingName">Whose prizes took it there.</param>
public sealed record PrizeValueMail(int Year, long ValueCents, long ThresholdCents, string DrawingName);
