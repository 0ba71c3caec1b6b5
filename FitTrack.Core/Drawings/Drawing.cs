using System.Globalization;
using FitTrack.Core.Messaging;

namespace FitTrack.Core.Drawings;

/// <summary>What a drawing's entropy was bound to when it was scheduled; frozen from then on (FTDRAW-1, step 1).</summary>
/// <param name="ChainHash">Hex, of a `drand` drawing.</param>
/// <param name="Round">Of a `drand` drawing: the first round at or after the draw time.</param>
/// <param name="Commitment">H(server seed) in hex, of a `commit` drawing.</param>
/// <param name="SealedSeed">The server seed, encrypted until the draw, of a `commit` drawing.</param>
internal sealed record EntropySource(string? ChainHash, long? Round, string? Commitment, string? SealedSeed);

/// <summary>
/// A sweepstakes drawing and its states (domain section 5): draft → scheduled → open → closed → completed, and cancelled. This is
/// the one place that says what may follow what; <see cref="Version"/> makes each step a conditional update in the database.
/// </summary>
public sealed class Drawing : ILeasedRow
{
    private Drawing()
    {
    }

    public Guid Id { get; private set; }

    public string Name { get; private set; } = null!;

    public string? Description { get; private set; }

    public string? ImageUrl { get; private set; }

    public DrawingType Type { get; private set; }

    public DrawingStatus Status { get; private set; }

    public EntropyKind Entropy { get; private set; }

    public string? ChainHash { get; private set; }

    public long? Round { get; private set; }

    public string? Commitment { get; private set; }

    /// <summary>Encrypted server seed of a `commit` drawing; its plain text stands in the proof after the draw.</summary>
    public string? SealedSeed { get; private set; }

    public DateTimeOffset OpensAt { get; private set; }

    public DateTimeOffset SalesCloseAt { get; private set; }

    public DateTimeOffset DrawAt { get; private set; }

    /// <summary>Points a ticket.</summary>
    public int TicketPrice { get; private set; }

    public int MaxTicketsPerPurchase { get; private set; }

    public int MaxTicketsPerMember { get; private set; }

    public int FreeEntriesPerMember { get; private set; }

    public int Alternates { get; private set; }

    public EligibleUsers EligibleUsers { get; private set; }

    public int MinAccountAgeDays { get; private set; }

    public int MinAge { get; private set; }

    /// <summary>The version of the official rules that entries accept: the newest, until the drawing opens.</summary>
    public int RulesVersion { get; private set; }

    public Guid? TemplateId { get; private set; }

    /// <summary>Template and date of a drawing that a template made, so that it is made once.</summary>
    public string? TemplateKey { get; private set; }

    /// <summary>Bought tickets, known from the close on; before that the gates count.</summary>
    public long? PaidTickets { get; private set; }

    /// <summary>Free entries, known from the close on.</summary>
    public long? FreeTickets { get; private set; }

    public DateTimeOffset? ScheduledAt { get; private set; }

    public DateTimeOffset? OpenedAt { get; private set; }

    public DateTimeOffset? ClosedAt { get; private set; }

    public DateTimeOffset? CompletedAt { get; private set; }

    public DateTimeOffset? CancelledAt { get; private set; }

    public string? CancelReason { get; private set; }

    /// <summary>Why a step that is due has not been done, for administrators; null when all is well.</summary>
    public string? HeldUpBy { get; private set; }

    public Guid? CreatedBy { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Counts the changes; every save names the one it read.</summary>
    public long Version { get; private set; }

    public string? LeaseOwner { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }

    public long Fencing { get; private set; }

    public List<DrawingPrize> Prizes { get; private set; } = [];

    /// <summary>When its next step is due.</summary>
    internal DateTimeOffset DueAt => Status switch { DrawingStatus.Scheduled => OpensAt, DrawingStatus.Open => SalesCloseAt, _ => DrawAt };

    internal bool IsEditable => Status is DrawingStatus.Draft or DrawingStatus.Scheduled;

    /// <param name="terms">Checked: without <see cref="DrawingTerms.Problems"/>.</param>
    internal static Drawing Create(DrawingTerms terms, int rulesVersion, Guid? createdBy, DateTimeOffset now)
    {
        var drawing = new Drawing { Id = Guid.CreateVersion7(now), Status = DrawingStatus.Draft, CreatedBy = createdBy, CreatedAt = now };
        drawing.Apply(terms, rulesVersion, now);
        return drawing;
    }

    internal void MadeBy(Guid templateId, DateOnly day) => (TemplateId, TemplateKey) = (templateId, KeyOf(templateId, day));

    internal static string KeyOf(Guid templateId, DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{templateId}:{day:yyyy-MM-dd}");

    /// <summary>Changes what is promised, while nobody can have paid for it. False when it is too late.</summary>
    internal bool TryEdit(DrawingTerms terms, int rulesVersion, DateTimeOffset now)
    {
        if (!IsEditable) return false;
        Apply(terms, rulesVersion, now);
        return true;
    }

    /// <summary>Whether <paramref name="terms"/> would move what was frozen when the drawing was scheduled.</summary>
    internal bool BreaksFrozenTerms(DrawingTerms terms) => Status != DrawingStatus.Draft && (terms.Entropy != Entropy || terms.DrawAt != DrawAt);

    /// <param name="rulesVersion">The version of the official rules that is in force.</param>
    internal bool TrySchedule(EntropySource source, int rulesVersion, DateTimeOffset now)
    {
        if (!TryBecome(DrawingStatus.Scheduled, now)) return false;
        (ChainHash, Round, Commitment, SealedSeed) = source;
        RulesVersion = rulesVersion;
        ScheduledAt = now;
        return true;
    }

    internal bool TryOpen(DateTimeOffset now)
    {
        if (!TryBecome(DrawingStatus.Open, now)) return false;
        OpenedAt = now;
        return true;
    }

    internal bool TryClose(long paidTickets, long freeTickets, DateTimeOffset now)
    {
        if (!TryBecome(DrawingStatus.Closed, now)) return false;
        (PaidTickets, FreeTickets, ClosedAt) = (paidTickets, freeTickets, now);
        return true;
    }

    internal bool TryComplete(DateTimeOffset now)
    {
        if (!TryBecome(DrawingStatus.Completed, now)) return false;
        CompletedAt = now;
        return true;
    }

    /// <param name="byRule">From closed only a rule may cancel: manifest not published in time, or no beacon for seven days.</param>
    internal bool TryCancel(string reason, bool byRule, DateTimeOffset now)
    {
        if (Status == DrawingStatus.Closed && !byRule) return false;
        if (!TryBecome(DrawingStatus.Cancelled, now)) return false;
        (CancelledAt, CancelReason) = (now, reason);
        return true;
    }

    /// <summary>Notes what a due step waits for. True when that is news.</summary>
    internal bool HoldUp(string reason, DateTimeOffset now)
    {
        if (HeldUpBy == reason) return false;
        HeldUpBy = reason;
        Touch(now);
        return true;
    }

    /// <summary>A job has done what it claimed the drawing for.</summary>
    internal void EndLease() => LeaseUntil = null;

    private static bool MayFollow(DrawingStatus from, DrawingStatus to) => (from, to) switch
    {
        (DrawingStatus.Draft, DrawingStatus.Scheduled or DrawingStatus.Cancelled) => true,
        (DrawingStatus.Scheduled, DrawingStatus.Open or DrawingStatus.Cancelled) => true,
        (DrawingStatus.Open, DrawingStatus.Closed or DrawingStatus.Cancelled) => true,
        (DrawingStatus.Closed, DrawingStatus.Completed or DrawingStatus.Cancelled) => true,
        _ => false,
    };

    private bool TryBecome(DrawingStatus next, DateTimeOffset now)
    {
        if (!MayFollow(Status, next)) return false;
        (Status, HeldUpBy) = (next, null);
        Touch(now);
        return true;
    }

    private void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }

    private void Apply(DrawingTerms terms, int rulesVersion, DateTimeOffset now)
    {
        (Name, Description, ImageUrl, Type, Entropy) = (terms.Name, terms.Description, terms.ImageUrl, terms.Type, terms.Entropy);
        (OpensAt, SalesCloseAt, DrawAt) = (terms.OpensAt, terms.SalesCloseAt, terms.DrawAt);
        (TicketPrice, MaxTicketsPerPurchase, MaxTicketsPerMember) = (terms.TicketPrice, terms.MaxTicketsPerPurchase, terms.MaxTicketsPerMember);
        (FreeEntriesPerMember, Alternates) = (terms.FreeEntriesPerMember, terms.Alternates);
        (EligibleUsers, MinAccountAgeDays, MinAge) = (terms.EligibleUsers, terms.MinAccountAgeDays, terms.MinAge);
        RulesVersion = rulesVersion;
        Prizes.Clear();
        Prizes.AddRange(terms.Prizes.Select(prize => DrawingPrize.Create(Id, prize, now)));
        Touch(now);
    }
}
