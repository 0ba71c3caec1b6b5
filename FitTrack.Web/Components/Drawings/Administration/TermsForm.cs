using System.Globalization;
using FitTrack.Web.Api;

namespace FitTrack.Web.Components.Drawings.Administration;

/// <summary>What a drawing and a template have in common, as it is typed in; what is wrong with it the Api says.</summary>
public abstract class TermsForm
{
    public string? Name { get; set; }

    public string? Description { get; set; }

    public string? ImageUrl { get; set; }

    public string? Type { get; set; }

    public string? Entropy { get; set; }

    public string? TicketPrice { get; set; }

    public string? MaxTicketsPerPurchase { get; set; }

    public string? MaxTicketsPerMember { get; set; }

    public string? FreeEntriesPerMember { get; set; }

    public string? Alternates { get; set; }

    public string? UserType { get; set; }

    public string? MinAge { get; set; }

    public string? MinAccountAgeDays { get; set; }

    /// <summary>In the order of their ranks.</summary>
    public List<PrizeForm> Prizes { get; set; } = [];

    internal DrawingEligibility Eligibility => new(Given(UserType), Number(MinAccountAgeDays), Number(MinAge));

    internal IReadOnlyList<NewPrize> NewPrizes => [.. Prizes.Select((p, i) => p.ToPrize(i + 1))];

    /// <summary>Rows in which nothing was typed are no prizes. Without them the Api counts as the page does, and its complaints come to the right row.</summary>
    internal void DropEmptyPrizes() => Prizes.RemoveAll(p => p.IsEmpty);

    internal static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    internal static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    internal static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>What is usual where the Api has no default of the type.</summary>
    protected void FillUsual() => (Alternates, MinAge, MinAccountAgeDays) = ("3", "18", "0");

    protected void Fill(IDrawingTerms terms)
    {
        (Name, Description, ImageUrl, Type, Entropy) = (terms.Name, terms.Description, terms.ImageUrl, terms.Type, terms.Entropy);
        (TicketPrice, Alternates) = (Text(terms.TicketPrice), Text(terms.Alternates));
        var (limits, eligibility) = (terms.Limits, terms.Eligibility);
        (MaxTicketsPerPurchase, MaxTicketsPerMember, FreeEntriesPerMember) = (Text(limits.MaxTicketsPerPurchase), Text(limits.MaxTicketsPerMember), Text(limits.FreeEntriesPerMember));
        (UserType, MinAge, MinAccountAgeDays) = (eligibility.UserType, Text(eligibility.MinAge), Text(eligibility.MinAccountAgeDays));
        Prizes = [.. terms.Prizes.Select(PrizeForm.Of)];
    }
}

/// <summary>A prize as it is typed in.</summary>
public sealed class PrizeForm
{
    public string? Name { get; set; }

    public string? Description { get; set; }

    public string? Dollars { get; set; }

    public string? Quantity { get; set; }

    public string? Kind { get; set; }

    public string? SponsorId { get; set; }

    public string? ImageUrl { get; set; }

    /// <summary>Codes, one a line.</summary>
    public string? Lines { get; set; }

    /// <summary>Quantity, kind and sponsor have a value in every row.</summary>
    internal bool IsEmpty => Array.TrueForAll([Name, Description, Dollars, ImageUrl, Lines], string.IsNullOrWhiteSpace);

    internal static PrizeForm Of(AdminPrize p) => new()
    {
        Name = p.Name,
        Description = p.Description,
        Dollars = (p.ValueCents / 100m).ToString("0.00", CultureInfo.InvariantCulture),
        Quantity = TermsForm.Text(p.Quantity),
        Kind = p.Kind,
        SponsorId = p.SponsorId?.ToString(),
        ImageUrl = p.ImageUrl,
    };

    internal NewPrize ToPrize(int rank) => new(
        rank, Name, TermsForm.Given(Description), TermsForm.Number(Quantity), Cents(Dollars), TermsForm.Given(Kind), Guid.TryParse(SponsorId, out var sponsor) ? sponsor : null, TermsForm.Given(ImageUrl),
        TermsForm.Given(Lines)?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static long? Cents(string? dollars) =>
        decimal.TryParse(dollars, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value < 10_000_000 ? (long)(value * 100) : null;
}
