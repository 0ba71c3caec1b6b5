using System.Globalization;
using FitTrack.Web.Api;

namespace FitTrack.Web.Components.Drawings.Administration;

/// <summary>A drawing as it is typed in; what is wrong with it the Api says. Times are UTC.</summary>
public sealed class DrawingForm
{
    public string? Name { get; set; }

    public string? Description { get; set; }

    public string? ImageUrl { get; set; }

    public string? Type { get; set; }

    public string? Entropy { get; set; }

    public string? OpensAt { get; set; }

    public string? SalesCloseAt { get; set; }

    public string? DrawAt { get; set; }

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

    /// <param name="drawAt">About when; the full hour is suggested.</param>
    internal static DrawingForm Empty(DateTimeOffset drawAt) => new() { DrawAt = Local(drawAt.AddTicks(-(drawAt.Ticks % TimeSpan.TicksPerHour))), Alternates = "3", MinAge = "18", MinAccountAgeDays = "0" };

    /// <summary>A drawing that is to be changed. Codes are secret, so they are not in it.</summary>
    internal static DrawingForm Of(AdminDrawing d) => new()
    {
        Name = d.Name,
        Description = d.Description,
        ImageUrl = d.ImageUrl,
        Type = d.Type,
        Entropy = d.Entropy,
        OpensAt = Local(d.OpensAt),
        SalesCloseAt = Local(d.SalesCloseAt),
        DrawAt = Local(d.DrawAt),
        TicketPrice = Text(d.TicketPrice),
        MaxTicketsPerPurchase = Text(d.Limits.MaxTicketsPerPurchase),
        MaxTicketsPerMember = Text(d.Limits.MaxTicketsPerMember),
        FreeEntriesPerMember = Text(d.Limits.FreeEntriesPerMember),
        Alternates = Text(d.Alternates),
        UserType = d.Eligibility.UserType,
        MinAge = Text(d.Eligibility.MinAge),
        MinAccountAgeDays = Text(d.Eligibility.MinAccountAgeDays),
        Prizes = [.. d.Prizes.Select(PrizeForm.Of)],
    };

    internal NewDrawing ToDrawing() => new(
        Name, Given(Description), Given(ImageUrl), Given(Type), Given(Entropy), Time(OpensAt), Time(SalesCloseAt), Time(DrawAt),
        Number(TicketPrice), Number(MaxTicketsPerPurchase), Number(MaxTicketsPerMember), Number(FreeEntriesPerMember), Number(Alternates),
        new DrawingEligibility(Given(UserType), Number(MinAccountAgeDays), Number(MinAge)),
        [.. Prizes.Select((p, i) => p.ToPrize(i + 1))]);

    /// <summary>Rows in which nothing was typed are no prizes. Without them the Api counts as the page does, and its complaints come to the right row.</summary>
    internal void DropEmptyPrizes() => Prizes.RemoveAll(p => p.IsEmpty);

    internal static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    internal static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    internal static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>As exactly as the browser's field takes it, so that a time which is frozen comes back as it was.</summary>
    private static string Local(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
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
        Quantity = DrawingForm.Text(p.Quantity),
        Kind = p.Kind,
        SponsorId = p.SponsorId?.ToString(),
        ImageUrl = p.ImageUrl,
    };

    internal NewPrize ToPrize(int rank) => new(
        rank, Name, DrawingForm.Given(Description), DrawingForm.Number(Quantity), Cents(Dollars), DrawingForm.Given(Kind), Guid.TryParse(SponsorId, out var sponsor) ? sponsor : null, DrawingForm.Given(ImageUrl),
        DrawingForm.Given(Lines)?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static long? Cents(string? dollars) =>
        decimal.TryParse(dollars, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value < 10_000_000 ? (long)(value * 100) : null;
}
