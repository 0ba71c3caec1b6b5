namespace FitTrack.Core.Drawings;

/// <summary>Something wrong with what was asked; <paramref name="Field"/> is named as in the request.</summary>
public sealed record DrawingProblem(string Field, string Message);

/// <summary>A prize as an administrator describes it.</summary>
/// <param name="Rank">1 is the first prize; unique within the drawing.</param>
/// <param name="Quantity">How many are given; one win a member.</param>
/// <param name="ValueCents">What one of them is worth, in US cents.</param>
/// <param name="Codes">Of a digital prize: the codes to send, each given once. Without enough of them FitTrack makes claim codes of its own. Null: those it has, as long as name, kind, value and sponsor of the prize stay.</param>
public sealed record PrizeTerms(
    int Rank,
    string Name,
    string? Description,
    int Quantity,
    long ValueCents,
    PrizeKind Kind,
    Guid? SponsorId,
    string? ImageUrl,
    IReadOnlyList<string>? Codes);

/// <summary>What a drawing promises: when, for how much, to whom, and what can be won.</summary>
/// <param name="TicketPrice">Points a ticket.</param>
/// <param name="MaxTicketsPerPurchase">1 to 100.</param>
/// <param name="MaxTicketsPerMember">Bought tickets, over the whole drawing.</param>
/// <param name="FreeEntriesPerMember">Free entries have exactly the odds of a bought ticket.</param>
/// <param name="Alternates">How many alternates are drawn after the prizes.</param>
/// <param name="MinAge">Years, at the moment of entering; 18 or more.</param>
public sealed record DrawingTerms(
    string Name,
    string? Description,
    string? ImageUrl,
    DrawingType Type,
    EntropyKind Entropy,
    DateTimeOffset OpensAt,
    DateTimeOffset SalesCloseAt,
    DateTimeOffset DrawAt,
    int TicketPrice,
    int MaxTicketsPerPurchase,
    int MaxTicketsPerMember,
    int FreeEntriesPerMember,
    int Alternates,
    EligibleUsers EligibleUsers,
    int MinAccountAgeDays,
    int MinAge,
    IReadOnlyList<PrizeTerms> Prizes)
{
    public const int MaxName = 120;
    public const int MaxText = 2000;
    public const int MaxUrl = 500;
    public const int MostTicketsPerPurchase = 100;
    public const int MostPrizes = 1000;

    /// <summary>Everything that is wrong; none when the drawing can be made.</summary>
    public IEnumerable<DrawingProblem> Problems()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > MaxName) yield return new("name", $"Name must have 1 to {MaxName} characters");
        if (Description?.Length > MaxText) yield return new("description", $"Description must have at most {MaxText} characters");
        if (!IsUrl(ImageUrl)) yield return new("imageUrl", "Image must be an http or https address");
        if (SalesCloseAt >= DrawAt) yield return new("salesCloseAt", "Sales close time must be before drawing time");
        if (OpensAt >= SalesCloseAt) yield return new("opensAt", "Opening time must be before sales close time");
        if (TicketPrice is < 1 or > 1_000_000) yield return new("ticketPrice", "Ticket price must be 1 to 1,000,000 points");
        if (MaxTicketsPerPurchase is < 1 or > MostTicketsPerPurchase) yield return new("maxTicketsPerPurchase", $"Tickets a purchase must be 1 to {MostTicketsPerPurchase}");
        if (MaxTicketsPerMember < 1) yield return new("maxTicketsPerMember", "Tickets a member must be at least 1");
        if (FreeEntriesPerMember is < 1 or > 10) yield return new("freeEntriesPerMember", "Free entries a member must be 1 to 10");
        if (Alternates is < 0 or > 100) yield return new("alternates", "Alternates must be 0 to 100");
        if (MinAccountAgeDays is < 0 or > 3650) yield return new("eligibility.minAccountAgeDays", "Account age must be 0 to 3650 days");
        if (MinAge is < 18 or > 120) yield return new("eligibility.minAge", "Minimum age must be 18 to 120 years");
        foreach (var problem in PrizeProblems()) yield return problem;
    }

    private IEnumerable<DrawingProblem> PrizeProblems()
    {
        if (Prizes.Count == 0) yield return new("prizes", "At least one prize is needed");
        if (Prizes.Sum(p => (long)p.Quantity) > MostPrizes) yield return new("prizes", $"At most {MostPrizes} prizes can be given");
        if (Prizes.DistinctBy(p => p.Rank).Count() != Prizes.Count) yield return new("prizes", "Prize ranks must be unique");
        for (var i = 0; i < Prizes.Count; i++)
        {
            var (prize, codes, at) = (Prizes[i], Prizes[i].Codes ?? [], $"prizes[{i}]");
            if (prize.Rank is < 1 or > 1000) yield return new($"{at}.rank", "Rank must be 1 to 1000");
            if (string.IsNullOrWhiteSpace(prize.Name) || prize.Name.Length > MaxName) yield return new($"{at}.name", $"Name must have 1 to {MaxName} characters");
            if (prize.Description?.Length > MaxText) yield return new($"{at}.description", $"Description must have at most {MaxText} characters");
            if (prize.Quantity < 1) yield return new($"{at}.quantity", "Quantity must be at least 1");
            if (prize.ValueCents is < 0 or > 100_000_000) yield return new($"{at}.valueCents", "Value must be 0 to 100,000,000 cents");
            if (!IsUrl(prize.ImageUrl)) yield return new($"{at}.imageUrl", "Image must be an http or https address");
            if (codes.Any(c => string.IsNullOrWhiteSpace(c) || c.Length > PrizeCode.MaxCode)) yield return new($"{at}.codes", $"Codes must have 1 to {PrizeCode.MaxCode} characters");
            if (codes.Count > 0 && prize.Kind != PrizeKind.Digital) yield return new($"{at}.codes", "Only digital prizes have codes");
            if (codes.Count > prize.Quantity) yield return new($"{at}.codes", "There are more codes than prizes");
        }
    }

    private static bool IsUrl(string? url) =>
        url is null || (url.Length is > 0 and <= MaxUrl && Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp));
}
