using System.Globalization;
using FitTrack.Web.Api;

namespace FitTrack.Web.Components.Drawings.Administration;

/// <summary>A new drawing as it is typed in; what is wrong with it the Api says. Times are UTC.</summary>
public sealed class DrawingForm
{
    internal const int Prizes = 3;

    public string? Name { get; set; }

    public string? Description { get; set; }

    public string? ImageUrl { get; set; }

    public string? Type { get; set; }

    public string? Entropy { get; set; }

    public string? OpensAt { get; set; }

    public string? SalesCloseAt { get; set; }

    public string? DrawAt { get; set; }

    public string? TicketPrice { get; set; }

    public string? MaxTicketsPerMember { get; set; }

    public string? Alternates { get; set; }

    public string? MinAge { get; set; }

    public string? MinAccountAgeDays { get; set; }

    public PrizeForm? Prize1 { get; set; }

    public PrizeForm? Prize2 { get; set; }

    public PrizeForm? Prize3 { get; set; }

    /// <param name="index">From 0.</param>
    internal PrizeForm PrizeAt(int index) => (index switch { 0 => Prize1, 1 => Prize2, _ => Prize3 }) ?? new PrizeForm();

    internal NewDrawing ToDrawing() => new(
        Name, Given(Description), Given(ImageUrl), Given(Type), Given(Entropy), Time(OpensAt), Time(SalesCloseAt), Time(DrawAt), Number(TicketPrice), Number(MaxTicketsPerMember), Number(Alternates),
        new NewEligibility(Number(MinAccountAgeDays), Number(MinAge)),
        [.. Enumerable.Range(0, Prizes).Select(i => (Rank: i + 1, Prize: PrizeAt(i))).Where(p => Given(p.Prize.Name) is not null).Select(p => p.Prize.ToPrize(p.Rank))]);

    internal static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    internal static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}

/// <summary>A prize as it is typed in.</summary>
public sealed class PrizeForm
{
    public string? Name { get; set; }

    public string? Dollars { get; set; }

    public string? Quantity { get; set; }

    public string? Kind { get; set; }

    public string? SponsorId { get; set; }

    /// <summary>Codes, one a line.</summary>
    public string? Lines { get; set; }

    internal NewPrize ToPrize(int rank) => new(
        rank, Name, DrawingForm.Number(Quantity), decimal.TryParse(Dollars, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) && dollars < 10_000_000 ? (long)(dollars * 100) : null,
        DrawingForm.Given(Kind), Guid.TryParse(SponsorId, out var sponsor) ? sponsor : null, (Lines ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
